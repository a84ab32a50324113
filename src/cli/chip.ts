// `secure-iot chip`: what the chip on a port is.
import { chipRows } from '../core/firmware/chipInfo';
import { efuseText } from '../core/firmware/efuses/efuseSummary';
import { securitySummary } from '../core/firmware/securitySummary';
import { readEfuses } from '../io/flash/espEfuses';
import { withLoader } from '../io/flash/espSession';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, efuses: { type: 'boolean' } });
  if (positionals.length > 0) throw new CliUsageError('chip takes options only.');
  const baudRate = parseBaud(values.baud) ?? 115_200;
  const port = await openNamedPort(values.port);
  const { info, efuses } = await withLoader(port, { baudRate, signal: interruptSignal() }, async (session) => ({
    info: session.info,
    // what else is known of the chip is told first, then why there are none
    efuses: values.efuses ? await readEfuses(session).catch((error: Error) => error) : undefined,
  }));
  const rows = efuses instanceof Error ? undefined : efuses;
  const summary = securitySummary(info.chip.name, info.security);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ ...info, chip: info.chip.name, summary, ...(rows && { efuses: rows }) })}\n`,
    );
  else {
    for (const [label, value] of chipRows(info)) process.stdout.write(`${`${label}:`.padEnd(18)}${value}\n`);
    process.stdout.write(`\n${summary.join('\n')}\n`);
    if (rows) process.stdout.write(`\n${efuseText(rows)}\n`);
  }
  if (efuses instanceof Error) throw efuses;
  return 0;
}
