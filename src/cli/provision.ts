// `secure-iot provision`: a device's certificates and key into a board's NVS.
import { resolve } from 'node:path';
import { progressText } from '../core/firmware/flashProgress';
import { readDeviceIdentity } from '../io/identityFiles';
import { provisionBoard } from '../io/provisionBoard';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud, statusLine } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...boardOptions,
    device: { type: 'string' },
    certs: { type: 'string', default: 'certs' },
    namespace: { type: 'string', default: 'tls' },
    partition: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
  if (values.device === undefined) throw new CliUsageError('--device is missing: the name of the device.');
  const { device } = values;
  const folder = resolve(values.certs);
  const identity = await readDeviceIdentity(folder, device, Date.now());
  const result = await provisionBoard(
    () => openNamedPort(values.port),
    { device, folder, identity, namespace: values.namespace, partition: values.partition },
    {
      baudRate: parseBaud(values.baud),
      signal: interruptSignal(),
      onProgress: (progress) => statusLine(progressText(progress)),
    },
  );
  statusLine('');
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
  const { chip, mac, partition, kept } = result;
  if (values.json) process.stdout.write(`${JSON.stringify({ device, chip, mac, partition: partition.label, kept })}\n`);
  else
    process.stdout.write(
      `${chip}, MAC ${mac ?? 'unknown'}, is now "${device}": CA, certificate and key are in the partition "${partition.label}", verified.${kept > 0 ? ` ${kept} other entries were kept.` : ''}\n`,
    );
  return 0;
}
