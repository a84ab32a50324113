// `secure-iot provision`: a device's certificates and key into a board's NVS, esp_secure_cert or LittleFS.
import { resolve } from 'node:path';
import { UserError } from '../core/errors';
import { progressText } from '../core/firmware/flashProgress';
import { readDeviceIdentity } from '../io/pki/identityFiles';
import { readNvsKeyFile } from '../io/provisioning/nvsFiles';
import { provisionBoard } from '../io/provisioning/provisionBoard';
import { CliUsageError, parseOptions } from './arguments';
import { interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { jsonOf, parseTarget, provisionOptions, textOf } from './provisionOptions';
import { statusLine } from './statusLine';

export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--queue')) return (await import('./provisionQueue')).run(args);
  const { values, positionals } = parseOptions(args, {
    ...provisionOptions,
    reuse: { type: 'boolean' },
    device: { type: 'string' },
    keys: { type: 'string' },
    issue: { type: 'boolean' },
    'passphrase-file': { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
  if (values.device === undefined) throw new CliUsageError('--device is missing: the name of the device.');
  const { device } = values;
  const folder = resolve(values.certs);
  const target = parseTarget(values.into);
  const nvsKeys = values.keys === undefined ? undefined : await readNvsKeyFile(values.keys);
  if (values.issue) await issueIfMissing(folder, device, values['passphrase-file']);
  const identity = await readDeviceIdentity(folder, device, Date.now());
  const { namespace, partition, reuse } = values;
  const result = await provisionBoard(
    await openNamedPort(values.port),
    { device, folder, identity, namespace, target, partition, nvsKeys, reuse },
    {
      baudRate: parseBaud(values.baud),
      signal: interruptSignal(),
      onProgress: (progress) => statusLine(progressText(progress)),
    },
  ).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'device-used') throw error;
    throw new UserError(error.code, `${error.message} Then add --reuse.`);
  });
  statusLine('');
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(values.json ? `${JSON.stringify(jsonOf(device, result))}\n` : `${textOf(device, result)}\n`);
  return 0;
}

async function issueIfMissing(folder: string, device: string, passphraseFile: string | undefined): Promise<void> {
  const { openCertificateStore } = await import('../io/pki/certificateStore');
  const store = openCertificateStore(folder);
  if (await store.exists('device', device)) return;
  const { readPassphrase } = await import('./passphrase');
  const { issueDevice, unlockAuthority } = await import('../io/pki/issueCertificates');
  const issuer = await unlockAuthority(store, await readPassphrase(passphraseFile));
  const { record, notes } = await issueDevice(store, issuer, { commonName: device });
  process.stderr.write(`Made ${record.file}. ${notes.join(' ')}`.trim());
  process.stderr.write('\n');
}
