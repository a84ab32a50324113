// `secure-iot lint`: mistakes in sketches, mosquitto.conf and partition tables, for CI.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { counted } from '../core/counted';
import { lintFile } from '../core/lint/lintFile';
import { findConfigurations, readProjectFiles } from '../io/diagnose/projectFiles';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
  const [folder = '.', ...rest] = positionals;
  if (rest.length > 0) throw new CliUsageError(`unexpected "${rest.join(' ')}"`);
  const root = resolve(folder);
  const files = [...(await readProjectFiles(root))];
  for (const path of await findConfigurations(root))
    files.push({ path, text: await readFile(join(root, path), 'utf8') });
  const problems = files.flatMap(({ path, text }) =>
    lintFile(path, text).map(({ rule, severity, message, start }) => ({
      file: path,
      line: text.slice(0, start).split('\n').length,
      severity,
      rule,
      message,
    })),
  );
  if (values.json) process.stdout.write(`${JSON.stringify(problems, null, 2)}\n`);
  else {
    for (const { file, line, severity, rule, message } of problems) {
      process.stdout.write(`${file}:${line}: ${severity}: ${message} [${rule}]\n`);
    }
  }
  process.stderr.write(`${counted(files.length, 'file')} read, ${counted(problems.length, 'problem')}.\n`);
  return problems.length > 0 ? 1 : 0;
}
