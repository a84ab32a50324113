// `secure-iot erase`: a region of a board's flash, or all of it.
import { parseOffset } from '../core/firmware/flashFile';
import { eraseBoard } from '../io/flashEraser';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, all: { type: 'boolean' } });
  if (values.all ? positionals.length > 0 : positionals.length !== 2)
    throw new CliUsageError('Name OFFSET SIZE, or --all.');
  const [offset = '', size = ''] = positionals;
  const region = values.all ? undefined : { offset: parseOffset(offset), size: parseOffset(size) };
  const port = await openNamedPort(values.port);
  const erased = await eraseBoard(port, region, { signal: interruptSignal() });
  process.stdout.write(
    values.json
      ? `${JSON.stringify(erased)}\n`
      : `Erased ${erased.size} bytes from 0x${erased.offset.toString(16)} on. The board was reset.\n`,
  );
  return 0;
}
