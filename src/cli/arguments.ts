// Strict option parsing for subcommands, on node:util parseArgs: an unknown option is a usage error, not ignored.
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The words of the call are off: the usage is printed and the exit code is 2. */
export class CliUsageError extends Error {
  override readonly name = 'CliUsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

export function parseOptions<T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliUsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number from an option, in decimal digits. Throws CliUsageError. */
export function wholeNumber(text: string, option: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new CliUsageError(`${option} takes a whole number from ${min} to ${max}`);
  return number;
}

/** A TCP port from an option. Throws CliUsageError. */
export function portNumber(text: string, option = '--port'): number {
  return wholeNumber(text, option, 1, 65_535);
}
