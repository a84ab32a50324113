// `secure-iot erase`: a region of a board's flash, or all of it.
import { parseOffset } from '../core/firmware/flashFile';
import { progressText } from '../core/firmware/flashProgress';
import { eraseBoard } from '../io/flash/flashEraser';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { statusLine } from './statusLine';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, all: { type: 'boolean' } });
  if (values.all ? positionals.length > 0 : positionals.length !== 2)
    throw new CliUsageError('Name OFFSET SIZE, or --all.');
  const [offset = '', size = ''] = positionals;
  const region = values.all ? undefined : { offset: parseOffset(offset), size: parseOffset(size) };
  const port = await openNamedPort(values.port);
  const erased = await eraseBoard(port, region, {
    baudRate: parseBaud(values.baud),
    signal: interruptSignal(),
    onProgress: (progress) => statusLine(progressText(progress)),
  });
  statusLine('');
  process.stdout.write(
    values.json
      ? `${JSON.stringify(erased)}\n`
      : `Erased ${erased.size} bytes from 0x${erased.offset.toString(16)} on. ${port.hasModemLines ? 'The board was reset.' : 'Press RESET on the board.'}\n`,
  );
  return 0;
}
