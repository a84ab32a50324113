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
