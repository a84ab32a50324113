// What another partition table does to a board that has one: the contents of the flash stay where they are.
import { hex } from './flashFile';
import { PARTITION_TYPE_APP, type Partition, partitionKind } from './partitionTable';
import { kilobytes } from './sizeText';

export interface PartitionChanges {
  /** A sentence each, in the order of the new table; empty where nothing changes. */
  readonly changes: readonly string[];
  /** Why the board may not start with it. */
  readonly dangers: readonly string[];
}

/** These keep their size in their own data, and are not mounted with another one. */
const FILE_SYSTEMS = new Set(['fat', 'spiffs', 'littlefs']);

/** `images`: offsets at which the board has an application now. */
export function partitionChanges(
  before: readonly Partition[],
  after: readonly Partition[],
  images: readonly number[],
): PartitionChanges {
  const gone = before.filter(({ label }) => !after.some((one) => one.label === label));
  return {
    changes: [
      ...after.flatMap((partition) =>
        changesOf(
          before.find(({ label }) => label === partition.label),
          partition,
        ),
      ),
      ...gone.map(({ label, offset }) => `"${label}" at ${hex(offset)} is gone.`),
    ],
    dangers: images
      .filter((image) => !after.some(({ type, offset }) => type === PARTITION_TYPE_APP && offset === image))
      .map(
        (image) =>
          `The application at ${hex(image)} is at the start of no app partition of the new table: the board cannot start it.`,
      ),
  };
}

function changesOf(before: Partition | undefined, after: Partition): string[] {
  const { label, offset, size } = after;
  const kind = kindText(after);
  if (!before) return [`"${label}" is new: ${kind}, ${kilobytes(size)} at ${hex(offset)}.`];
  const changes: string[] = [];
  if (kindText(before) !== kind) changes.push(`"${label}" becomes ${kind}, it was ${kindText(before)}.`);
  if (before.offset !== offset)
    changes.push(`"${label}" moves from ${hex(before.offset)} to ${hex(offset)}; what is in it stays behind.`);
  if (before.size !== size) {
    const again = FILE_SYSTEMS.has(partitionKind(after).subtype) ? '; its file system must be made again' : '';
    changes.push(
      `"${label}" ${size > before.size ? 'grows' : 'shrinks'} from ${kilobytes(before.size)} to ${kilobytes(size)}${again}.`,
    );
  }
  return changes;
}

/** `data nvs`, with its flags. */
function kindText(partition: Partition): string {
  const { type, subtype } = partitionKind(partition);
  return [type, subtype, partition.encrypted ? 'encrypted' : '', partition.readOnly ? 'read-only' : '']
    .filter((word) => word !== '')
    .join(' ');
}
