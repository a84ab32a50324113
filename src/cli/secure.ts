// `secure-iot secure`: shows, or writes, what turns a plain MQTT sketch into one with mutual TLS.

import { join, resolve } from 'node:path';
import { applyEdits } from '../core/diagnose/applyEdits';
import { secretFiles } from '../core/diagnose/clientCertificateEdits';
import { keepOutOfGit } from '../io/files/keepOutOfGit';
import { rewriteFile } from '../io/files/rewriteFile';
import { prepareSecureProject } from '../io/sketch/secureProject';
import { CliUsageError, parseOptions } from './arguments';
import { shownEdits } from './shownEdits';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    certs: { type: 'string' },
    device: { type: 'string' },
    write: { type: 'boolean' },
  });
  const [sketch, ...rest] = positionals;
  if (!sketch || rest.length > 0) throw new CliUsageError('which sketch? One folder is needed');
  if (!values.device) throw new CliUsageError('--device NAME is needed: whose certificate the sketch gets');
  const folder = resolve(sketch);
  const certificates = resolve(values.certs ?? 'certs');
  const { files, edits, notes } = await prepareSecureProject(folder, certificates, values.device, Date.now());
  const secrets = secretFiles(edits);
  if (values.write) {
    for (const secret of secrets) await keepOutOfGit(folder, secret);
    for (const { path, text } of applyEdits(files, edits)) {
      await rewriteFile(join(folder, path), text, secrets.includes(path) ? { mode: 0o600 } : {});
      process.stdout.write(`${path}\n`);
    }
  } else {
    process.stdout.write(shownEdits(files, edits, secrets));
    process.stderr.write('Nothing was written: add --write.\n');
  }
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  return 0;
}
