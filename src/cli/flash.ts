// `secure-iot flash`: writes images to a board, or to several side by side, verified.
import { CancelledError, FlashCancelled, UserError } from '../core/errors';
import type { FlashPlan } from '../core/firmware/flashPlan';
import { type FlashProgress, progressText } from '../core/firmware/flashProgress';
import { flashedText } from '../core/firmware/flashText';
import { type FlashOptions, type FlashResult, flash } from '../io/flash/espFlasher';
import { readFlashInputs } from '../io/flash/flashInputs';
import type { BoardPort } from '../io/serial/boardPort';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { statusLine } from './statusLine';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, changed: { type: 'boolean' } });
  if (positionals.length === 0) throw new CliUsageError('Name what to flash.');
  const options = { baudRate: parseBaud(values.baud), onlyChanged: values.changed ?? false, signal: interruptSignal() };
  const plan = await readFlashInputs(positionals);
  const json = values.json ?? false;
  const addresses = [...new Set(values.port?.split(','))];
  if (addresses.length > 1) return flashSeveral(addresses, plan, options, json);
  const port = await openNamedPort(values.port);
  const onProgress = (progress: FlashProgress) => statusLine(progressText(progress));
  tell(port, plan, await flash(port, plan, { ...options, onProgress }), json);
  return 0;
}

/** Side by side: one that fails does not stop the others, and is told with its address. */
async function flashSeveral(
  addresses: readonly string[],
  plan: FlashPlan,
  options: FlashOptions,
  json: boolean,
): Promise<number> {
  const percent = new Map<string, number>();
  const progressOf =
    (address: string) =>
    ({ done, total }: FlashProgress) => {
      percent.set(address, total === 0 ? 0 : Math.floor((100 * done) / total));
      statusLine([...percent].map(([name, value]) => `${name} ${value} %`).join(', '));
    };
  const flashed = await Promise.all(
    addresses.map(async (address) => {
      try {
        const port = await openNamedPort(address);
        tell(port, plan, await flash(port, plan, { ...options, onProgress: progressOf(address) }), json);
        return true;
      } catch (error) {
        const stopped = error instanceof FlashCancelled;
        if (!stopped && !(error instanceof UserError)) throw error;
        statusLine('');
        process.stderr.write(`${address}: ${stopped ? `Stopped. ${error.boardState}` : error.message}\n`);
        return false;
      } finally {
        percent.delete(address);
      }
    }),
  );
  if (options.signal?.aborted) throw new CancelledError();
  return flashed.every(Boolean) ? 0 : 1;
}

function tell(port: BoardPort, plan: FlashPlan, result: FlashResult, json: boolean): void {
  const { info, bytes, wireBytes, milliseconds, baudRate, verified, remarks } = result;
  const { address } = port.info;
  statusLine('');
  for (const remark of remarks) process.stderr.write(`${remark}\n`);
  const files = plan.files.map(({ offset, bytes: { length }, name }) => ({ offset, length, name }));
  const { description: chip, mac } = info;
  process.stdout.write(
    json
      ? `${JSON.stringify({ address, chip, mac, files, bytes, wireBytes, milliseconds, baudRate, verified })}\n`
      : `${flashedText({ ...result, what: `${chip} on ${address}`, canReset: port.hasModemLines })}\n`,
  );
}
