// `secure-iot update sign|send`: firmware updates for the template "rotation-ota".
import { readSignedUpdate, signUpdate } from '../io/sketch/signUpdate';
import { readSender } from '../io/sketch/updateSender';
import { CliUsageError, parseOptions, portNumber } from './arguments';

const OPTIONS = {
  certs: { type: 'string', default: 'certs' },
  out: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string', default: '8883' },
  device: { type: 'string' },
  as: { type: 'string' },
  prefix: { type: 'string', default: 'devices' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const [action, ...rest] = args;
  const { values, positionals } = parseOptions(rest, OPTIONS);
  const [file, ...more] = positionals;
  if (action !== 'sign' && action !== 'send') throw new CliUsageError('update takes sign or send.');
  if (!file || more.length > 0) throw new CliUsageError('which file? One is needed');
  if (action === 'sign') {
    const { path, version } = await signUpdate(file, values.certs, values.out ?? `${file}.signed`);
    process.stderr.write(`Firmware version ${version}, signed.\n`);
    process.stdout.write(`${path}\n`);
    return 0;
  }
  const { host, device, as } = values;
  if (!host || !device || !as) throw new CliUsageError('--host HOST, --device NAME and --as NAME are needed.');
  const update = await readSignedUpdate(file);
  const tls = await readSender(values.certs, as);
  const { sendUpdate } = await import('../io/sketch/sendUpdate');
  await sendUpdate(update, {
    session: { protocol: 'mqtts', host, port: portNumber(values.port), tls },
    topicPrefix: values.prefix,
    device,
    onProgress: (received, total) => process.stderr.write(`\r${Math.floor((100 * received) / total)} %`),
  });
  process.stderr.write(`\r${device} restarts into version ${update.version}.\n`);
  return 0;
}
