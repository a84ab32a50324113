// `secure-iot provision`: a device's certificates and key into a board's NVS, esp_secure_cert or LittleFS.
import { resolve } from 'node:path';
import { UserError } from '../core/errors';
import { progressText } from '../core/firmware/flashProgress';
import { FlashCancelled } from '../io/espFlasher';
import { readDeviceIdentity } from '../io/identityFiles';
import { PROVISION_TARGETS, type ProvisionTarget } from '../io/identityWrite';
import { readNvsKeyFile } from '../io/nvsFiles';
import { type ProvisionResult, provisionBoard } from '../io/provisionBoard';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud, statusLine } from './boardOptions';

export const provisionOptions = {
  ...boardOptions,
  certs: { type: 'string', default: 'certs' },
  namespace: { type: 'string', default: 'tls' },
  partition: { type: 'string' },
  into: { type: 'string' },
  reuse: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...provisionOptions,
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
    () => openNamedPort(values.port),
    { device, folder, identity, namespace, target, partition, nvsKeys, reuse },
    {
      baudRate: parseBaud(values.baud),
      signal: interruptSignal(),
      onProgress: (progress) => statusLine(progressText(progress)),
    },
  ).catch((error: unknown) => {
    statusLine('');
    if (error instanceof FlashCancelled) process.stderr.write(`Stopped. ${error.boardState}\n`);
    if (!(error instanceof UserError) || error.code !== 'device-used') throw error;
    throw new UserError(error.code, `${error.message} Then add --reuse.`);
  });
  statusLine('');
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(values.json ? `${JSON.stringify(jsonOf(device, result))}\n` : `${textOf(device, result)}\n`);
  return 0;
}

export function parseTarget(text: string | undefined): ProvisionTarget | undefined {
  const target = PROVISION_TARGETS.find((one) => one === text);
  if (text !== undefined && !target) throw new CliUsageError(`--into takes ${PROVISION_TARGETS.join(', ')}.`);
  return target;
}

export function jsonOf(device: string, { chip, mac, partition, encrypted, kept, backup }: ProvisionResult) {
  return { device, chip, mac, partition: partition.label, encrypted, kept, ...(backup ? { backup } : {}) };
}

function textOf(device: string, { chip, mac, partition, encrypted, kept, backup }: ProvisionResult): string {
  const others = kept > 0 ? ` ${kept} other entries were kept.` : '';
  const copy = backup ? ` What the partition held before is in ${backup}.` : '';
  return `${chip}, MAC ${mac ?? 'unknown'}, is now "${device}": CA, certificate and key are in the partition "${partition.label}"${encrypted ? ', encrypted' : ''}, verified.${others}${copy}`;
}

async function issueIfMissing(folder: string, device: string, passphraseFile: string | undefined): Promise<void> {
  const { openCertificateStore } = await import('../io/certificateStore');
  const store = openCertificateStore(folder);
  if (await store.exists('device', device)) return;
  const { readPassphrase } = await import('./passphrase');
  const { issueDevice, unlockAuthority } = await import('../io/issueCertificates');
  const issuer = await unlockAuthority(store, await readPassphrase(passphraseFile));
  const { record, notes } = await issueDevice(store, issuer, { commonName: device });
  process.stderr.write(`Made ${record.file}. ${notes.join(' ')}`.trim());
  process.stderr.write('\n');
}
