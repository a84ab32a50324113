// `secure-iot partitions`: shows a partition table of a file or a board, builds its image from CSV, writes it to a board.
import { counted } from '../core/counted';
import { UserError } from '../core/errors';
import { parseOffset } from '../core/firmware/flashFile';
import { formatPartitionCsv } from '../core/firmware/partitionCsv';
import { readBoardPartitions } from '../io/flash/boardPartitions';
import { withLoader } from '../io/flash/espSession';
import { buildPartitionFile, readPartitionFile } from '../io/flash/partitionFiles';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...boardOptions,
    offset: { type: 'string' },
    force: { type: 'boolean' },
  });
  const tableOffset = values.offset === undefined ? undefined : parseOffset(values.offset);
  if (positionals[0] === 'build') {
    const [, csv, output, ...more] = positionals;
    if (csv === undefined || output === undefined || more.length > 0)
      throw new CliUsageError('partitions build takes IN.csv OUT.bin.');
    const partitions = await buildPartitionFile(csv, output, { tableOffset, force: values.force });
    if (values.json) process.stdout.write(`${JSON.stringify({ file: output, partitions })}\n`);
    else process.stderr.write(`Wrote ${output}: ${counted(partitions.length, 'partition')}.\n`);
    return 0;
  }
  if (positionals[0] === 'write') return writeTable(positionals.slice(1), values, tableOffset);
  const [file, ...more] = positionals;
  if (more.length > 0 || (file !== undefined && values.port !== undefined))
    throw new CliUsageError('Name one file, or --port with a board.');
  if (file === undefined && values.offset !== undefined)
    throw new CliUsageError('--offset goes with a file: on a board the table is found by itself.');
  const partitions =
    file === undefined
      ? await withLoader(
          await openNamedPort(values.port),
          { baudRate: parseBaud(values.baud), signal: interruptSignal() },
          readBoardPartitions,
        )
      : await readPartitionFile(file, tableOffset);
  process.stdout.write(values.json ? `${JSON.stringify(partitions)}\n` : formatPartitionCsv(partitions));
  return 0;
}

async function writeTable(
  [file, ...more]: readonly string[],
  values: { readonly port?: string; readonly baud?: string; readonly force?: boolean; readonly json?: boolean },
  tableOffset: number | undefined,
): Promise<number> {
  if (file === undefined || more.length > 0) throw new CliUsageError('partitions write takes one file, and --port.');
  const { compareBoardTable, writeBoardTable } = await import('../io/flash/partitionWriter');
  const partitions = await readPartitionFile(file, tableOffset);
  const options = { baudRate: parseBaud(values.baud), signal: interruptSignal() };
  const { changes, dangers, offset } = await compareBoardTable(await openNamedPort(values.port), partitions, options);
  for (const sentence of [...changes, ...dangers]) process.stderr.write(`${sentence}\n`);
  if (dangers.length > 0 && !values.force)
    throw new UserError(
      'application-lost',
      'Nothing was written. Give the table an app partition there, flash table and application together with "secure-iot flash", or add --force.',
    );
  const changed = changes.length > 0;
  if (changed) await writeBoardTable(await openNamedPort(values.port), partitions, offset, options);
  if (values.json) process.stdout.write(`${JSON.stringify({ changed, changes, dangers })}\n`);
  else
    process.stdout.write(
      changed ? 'The partition table is written and verified.\n' : 'The board has this partition table already.\n',
    );
  return 0;
}
