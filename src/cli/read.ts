// `secure-iot read`: a part of a board's flash into a file, checked against the digest that the board sends.
import { UserError } from '../core/errors';
import { parseOffset } from '../core/firmware/flashFile';
import { progressText } from '../core/firmware/flashProgress';
import { ENCRYPTED_COPY } from '../core/firmware/flashText';
import { readFlashToFile } from '../io/flash/flashReader';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { statusLine } from './statusLine';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...boardOptions,
    all: { type: 'boolean' },
    force: { type: 'boolean' },
  });
  const [offset, size, file] = values.all ? ['0', undefined, positionals[0]] : positionals;
  if (file === undefined || positionals.length !== (values.all ? 1 : 3))
    throw new CliUsageError('Name OFFSET SIZE FILE, or --all FILE.');
  const range = { offset: parseOffset(offset ?? ''), size: size === undefined ? undefined : parseOffset(size) };
  if (range.size === 0) throw new UserError('size-invalid', 'The size is 0: there is nothing to read.');
  const port = await openNamedPort(values.port);
  const { bytes, md5, encrypted } = await readFlashToFile(port, range, file, {
    baudRate: parseBaud(values.baud),
    signal: interruptSignal(),
    force: values.force,
    onProgress: (progress) => statusLine(progressText(progress)),
  });
  statusLine('');
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ file, bytes, md5, encrypted })}\n`
      : `${bytes} bytes read into ${file} (MD5 ${md5}).\n`,
  );
  if (encrypted) process.stderr.write(`${ENCRYPTED_COPY}\n`);
  return 0;
}
