// Partition tables from files (CSV, the table's image, a whole flash), and the table's image as a file.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { parsePartitionCsv } from '../../core/firmware/partitionCsv';
import { buildPartitionTable } from '../../core/firmware/partitionImage';
import {
  PARTITION_TABLE_OFFSET,
  PARTITION_TABLE_SIZE,
  type Partition,
  readPartitionTable,
} from '../../core/firmware/partitionTable';
import { fileError } from '../files/fileErrors';
import { type OutputRule, writeOutput } from '../files/outputFile';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

/** A CSV is, in whatever encoding its comments are; an image that is cut off is not, nor a blank one. */
function isText(bytes: Uint8Array): boolean {
  return (
    (isUtf8(bytes) || bytes.includes(10)) &&
    !bytes.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)
  );
}

export async function readPartitionFile(
  path: string,
  tableOffset = PARTITION_TABLE_OFFSET,
): Promise<readonly Partition[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, 'read', path);
  });
  if (bytes.length === 0)
    throw new UserError('no-partition-table', `${path} is empty. Choose a partition table or its CSV.`);
  const isTable = bytes[0] === 0xaa && bytes[1] === 0x50;
  const isFlash = bytes[tableOffset] === 0xaa && bytes[tableOffset + 1] === 0x50;
  if (!isTable && !isFlash) {
    if (!isText(bytes))
      throw new UserError(
        'no-partition-table',
        `There is no partition table in ${path}, neither at its start nor at ${hex(tableOffset)}.`,
      );
    return parsePartitionCsv(bytes.toString('utf8'), tableOffset);
  }
  const partitions = readPartitionTable(isTable ? bytes : bytes.subarray(tableOffset), md5);
  if (partitions) return partitions;
  throw new UserError('partition-table-damaged', `The partition table in ${path} is damaged. Build it again.`);
}

/** Replaces an older image of a table. Throws UserError `file-exists` where anything else has the name of `output`. */
export async function buildPartitionFile(
  csv: string,
  output: string,
  { tableOffset, force }: { readonly tableOffset?: number | undefined } & Pick<OutputRule, 'force'> = {},
): Promise<readonly Partition[]> {
  const partitions = await readPartitionFile(csv, tableOffset);
  // a table's image is no more than its CSV
  const canBeRemade = (existing: Uint8Array) =>
    existing.length <= PARTITION_TABLE_SIZE && readPartitionTable(existing, md5) !== undefined;
  await writeOutput(output, buildPartitionTable(partitions, md5), { inputs: [csv], force, canBeRemade });
  return partitions;
}
