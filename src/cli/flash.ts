// `secure-iot flash`: writes images to a board, verified.
import { progressText } from '../core/firmware/flashProgress';
import { flashedText } from '../core/firmware/flashText';
import { FlashCancelled, flash } from '../io/espFlasher';
import { readFlashInputs } from '../io/flashInputs';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud, statusLine } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, changed: { type: 'boolean' } });
  if (positionals.length === 0) throw new CliUsageError('Name what to flash.');
  const baudRate = parseBaud(values.baud);
  const plan = await readFlashInputs(positionals);
  const port = await openNamedPort(values.port);
  try {
    const result = await flash(port, plan, {
      baudRate,
      onlyChanged: values.changed ?? false,
      signal: interruptSignal(),
      onProgress: (progress) => statusLine(progressText(progress)),
    });
    statusLine('');
    for (const remark of result.remarks) process.stderr.write(`${remark}\n`);
    const { info, bytes, wireBytes, milliseconds } = result;
    if (values.json) {
      const files = plan.files.map(({ offset, bytes: { length }, name }) => ({ offset, length, name }));
      const { description, mac } = info;
      process.stdout.write(
        `${JSON.stringify({ chip: description, mac, files, bytes, wireBytes, milliseconds, baudRate: result.baudRate, verified: result.verified })}\n`,
      );
    } else
      process.stdout.write(`${flashedText({ ...result, what: info.description, canReset: port.hasModemLines })}\n`);
    return 0;
  } catch (error) {
    statusLine('');
    if (error instanceof FlashCancelled) process.stderr.write(`Stopped. ${error.boardState}\n`);
    throw error;
  }
}
