// `secure-iot chip`: what the chip on a port is.
import { chipRows } from '../core/firmware/chipInfo';
import { withLoader } from '../io/espSession';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, boardOptions);
  if (positionals.length > 0) throw new CliUsageError('chip takes options only.');
  const baudRate = parseBaud(values.baud) ?? 115_200;
  const port = await openNamedPort(values.port);
  const info = await withLoader(port, { baudRate, signal: interruptSignal() }, async (session) => session.info);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...info, chip: info.chip.name })}\n`);
  else for (const [label, value] of chipRows(info)) process.stdout.write(`${`${label}:`.padEnd(18)}${value}\n`);
  return 0;
}
