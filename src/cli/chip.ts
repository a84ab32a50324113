// `secure-iot chip`: what the chip on a port is.
import { chipRows } from '../core/firmware/chipInfo';
import { securitySummary } from '../core/firmware/securitySummary';
import { withLoader } from '../io/flash/espSession';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, boardOptions);
  if (positionals.length > 0) throw new CliUsageError('chip takes options only.');
  const baudRate = parseBaud(values.baud) ?? 115_200;
  const port = await openNamedPort(values.port);
  const info = await withLoader(port, { baudRate, signal: interruptSignal() }, async (session) => session.info);
  const summary = securitySummary(info.chip.name, info.security);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...info, chip: info.chip.name, summary })}\n`);
  else {
    for (const [label, value] of chipRows(info)) process.stdout.write(`${`${label}:`.padEnd(18)}${value}\n`);
    process.stdout.write(`\n${summary.join('\n')}\n`);
  }
  return 0;
}
