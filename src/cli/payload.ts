// `secure-iot payload decrypt|encrypt|key`: payloads of the firmware template "payload-encryption".
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors';
import { fileError } from '../io/files/fileErrors';
import { writeSecretFiles } from '../io/files/secretFiles';
import { openPayload, sealCommand } from '../io/mqtt/payloadCipher';
import { payloadKeyPath, planPayloadKey, readPayloadKey } from '../io/mqtt/payloadKeys';
import { CliUsageError, parseOptions } from './arguments';

const OPTIONS = {
  topic: { type: 'string' },
  device: { type: 'string' },
  certs: { type: 'string' },
  'key-file': { type: 'string' },
  hex: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const [action, ...rest] = args;
  const { values, positionals } = parseOptions(rest, OPTIONS);
  const certificates = values.certs ?? join(process.cwd(), 'certs');
  if (action === 'key') {
    if (!values.device || positionals.length > 0) throw new CliUsageError('payload key takes --device NAME.');
    const { file } = await planPayloadKey(certificates, values.device);
    await writeSecretFiles(certificates, file ? [file] : []);
    process.stdout.write(`${payloadKeyPath(certificates, values.device)}\n`);
    return 0;
  }
  if (action !== 'decrypt' && action !== 'encrypt') throw new CliUsageError('payload takes decrypt, encrypt or key.');
  const { topic } = values;
  if (!topic) throw new CliUsageError('--topic TOPIC is needed: the message is bound to it.');
  const [file = '-', ...more] = positionals;
  if (more.length > 0) throw new CliUsageError(`unexpected "${more.join(' ')}"`);
  const keyFile = values['key-file'] ?? (values.device && payloadKeyPath(certificates, values.device));
  if (!keyFile) throw new CliUsageError('--device NAME or --key-file FILE is needed.');
  const key = await readPayloadKey(keyFile);
  const input = await readInput(file);
  if (action === 'encrypt') {
    const sealed = Buffer.from(sealCommand(key, topic, input, Date.now()));
    process.stdout.write(values.hex ? `${sealed.toString('hex')}\n` : sealed);
    return 0;
  }
  const { payload, sender, sequence } = openPayload(key, topic, values.hex ? fromHex(input) : input);
  if (values.json) {
    const bytes = Buffer.from(payload);
    const record = {
      topic,
      sender,
      sequence: String(sequence),
      text: bytes.toString('utf8'),
      hex: bytes.toString('hex'),
    };
    process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  } else process.stdout.write(payload);
  return 0;
}

async function readInput(file: string): Promise<Buffer> {
  if (file !== '-') {
    return readFile(file).catch((error: unknown) => {
      throw fileError(error, 'read', file);
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** As `mosquitto_sub -F %x` prints it. */
function fromHex(input: Buffer): Buffer {
  const text = input.toString('latin1').replace(/\s+/g, '');
  if (/^([0-9A-Fa-f]{2})+$/.test(text)) return Buffer.from(text, 'hex');
  throw new UserError('bad-hex', 'The input is not hexadecimal: two digits for each byte.');
}
