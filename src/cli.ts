#!/usr/bin/env node
// The `secure-iot` command line: finds the subcommand, prints errors, sets the exit code.
import { version } from '../package.json';
import { CliUsageError } from './cli/arguments';
import { statusLine } from './cli/statusLine';
import { subcommands } from './cli/subcommands';
import { CancelledError, FlashCancelled, UserError } from './core/errors';

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (!name || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(usage());
    return name ? 0 : 2;
  }
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) {
    process.stderr.write(`secure-iot: there is no subcommand "${name}".\n\n${usage()}`);
    return 2;
  }
  if (rest[0] === '-h' || rest.slice(0, endOfOptions(rest)).includes('--help')) {
    process.stdout.write(`${subcommand.usage}\n`);
    return 0;
  }
  try {
    const { run } = await subcommand.load();
    return await run(rest);
  } catch (error) {
    statusLine('');
    if (error instanceof FlashCancelled) process.stderr.write(`Stopped. ${error.boardState}\n`);
    if (error instanceof CancelledError) return 130;
    if (error instanceof CliUsageError) {
      process.stderr.write(`secure-iot ${name}: ${error.message}\n\n${subcommand.usage}\n`);
      return 2;
    }
    if (error instanceof UserError) {
      process.stderr.write(`secure-iot ${name}: ${error.message}\n`);
      return 1;
    }
    process.stderr.write(`secure-iot ${name}: internal error, please report it\n${(error as Error)?.stack ?? error}\n`);
    return 70;
  }
}

/** Behind `--` everything is a name, also `--help`. */
function endOfOptions(args: readonly string[]): number {
  const at = args.indexOf('--');
  return at < 0 ? args.length : at;
}

function usage(): string {
  const width = Math.max(...Object.keys(subcommands).map((name) => name.length));
  const rows = Object.entries(subcommands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: secure-iot SUBCOMMAND [options]\n\n${rows.join('\n')}\n\n"secure-iot SUBCOMMAND --help" says more.\n`;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // `secure-iot decode … | head` is no failure
  process.stderr.write(`secure-iot: the output cannot be written (${error.code}). What came last is lost.\n`);
  process.exit(1);
});
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
