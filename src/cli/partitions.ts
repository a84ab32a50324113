// `secure-iot partitions`: the partition table of a board, or of a file.
import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { type Partition, partitionKind, readPartitionTable } from '../core/firmware/partitionTable';
import { readBoardPartitions } from '../io/boardPartitions';
import { withLoader } from '../io/espSession';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, boardOptions);
  const [file, ...more] = positionals;
  if (more.length > 0 || (file !== undefined && values.port !== undefined))
    throw new CliUsageError('partitions takes --port PORT or one file.');
  const partitions =
    file === undefined
      ? await withLoader(await openNamedPort(values.port), { signal: interruptSignal() }, readBoardPartitions)
      : await fromFile(file);
  if (values.json) process.stdout.write(`${JSON.stringify(partitions)}\n`);
  else {
    process.stdout.write('# Name,   Type, SubType, Offset,   Size, Flags\n');
    for (const partition of partitions) process.stdout.write(`${row(partition)}\n`);
  }
  return 0;
}

async function fromFile(file: string): Promise<Partition[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('file-unreadable', `${file} cannot be read (${error.code}).`);
  });
  const partitions = readPartitionTable(bytes);
  if (partitions) return partitions;
  throw new UserError('partition-table-damaged', `${file} is not a partition table.`);
}

/** As ESP-IDF's CSV has it. */
function row(partition: Partition): string {
  const { type, subtype } = partitionKind(partition);
  const hex = (n: number) => `0x${n.toString(16)}`;
  return `${partition.label},${type},${subtype},${hex(partition.offset)},${hex(partition.size)},${partition.encrypted ? 'encrypted' : ''}`;
}
