// `secure-iot partitions`: shows a partition table of a file or a board, and builds its image from CSV.
import { parseOffset } from '../core/firmware/flashFile';
import { formatPartitionCsv } from '../core/firmware/partitionCsv';
import { readBoardPartitions } from '../io/boardPartitions';
import { withLoader } from '../io/espSession';
import { buildPartitionFile, readPartitionFile } from '../io/partitionFiles';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...boardOptions, offset: { type: 'string' } });
  const tableOffset = values.offset === undefined ? undefined : parseOffset(values.offset);
  if (positionals[0] === 'build') {
    const [, csv, output, ...more] = positionals;
    if (csv === undefined || output === undefined || more.length > 0)
      throw new CliUsageError('partitions build takes IN.csv OUT.bin.');
    const partitions = await buildPartitionFile(csv, output, tableOffset);
    if (values.json) process.stdout.write(`${JSON.stringify({ file: output, partitions })}\n`);
    else process.stderr.write(`Wrote ${output}: ${partitions.length} partitions.\n`);
    return 0;
  }
  const [file, ...more] = positionals;
  if (more.length > 0 || (file !== undefined && values.port !== undefined))
    throw new CliUsageError('Name one file, or --port with a board.');
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
