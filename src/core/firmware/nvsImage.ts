// Builds an NVS partition (format version 2), byte for byte as Espressif's nvs_partition_gen.py does.
import { UserError } from '../errors';
import { NVS_PAGE_SIZE, type NvsCipher, type NvsRow } from './nvsFormat';
import { NvsWriter } from './nvsWriter';

/** Below this a partition has no spare page to move entries to, so it can only be read. */
const MIN_WRITABLE_SIZE = 3 * NVS_PAGE_SIZE;
const MAX_NAMESPACES = 254;

export interface NvsImageOptions {
  /** Encrypts every entry; page headers stay plain. */
  readonly cipher?: NvsCipher;
}

/**
 * An image of `size` bytes (a multiple of 4096). Below 0x3000 bytes the partition is read-only and the image ends with
 * its last used page. Throws UserError where the rows do not fit.
 */
export function buildNvsImage(rows: readonly NvsRow[], size: number, options: NvsImageOptions = {}): Uint8Array {
  if (size < NVS_PAGE_SIZE || size % NVS_PAGE_SIZE !== 0)
    throw new UserError(
      'nvs-size',
      `The size of an NVS partition is a multiple of 0x1000, not 0x${size.toString(16)}.`,
    );
  const readOnly = size < MIN_WRITABLE_SIZE;
  const pages = size / NVS_PAGE_SIZE;
  const writer = new NvsWriter({
    slots: Array.from({ length: pages }, (_, slot) => slot),
    firstSequence: 0,
    cipher: options.cipher,
  });
  const namespaces = new Map<string, number>();
  let namespace = 0;
  for (const row of rows) {
    if (row.kind === 'entry') {
      if (namespace === 0)
        throw new UserError('nvs-no-namespace', `"${row.key}" stands before the first namespace. Start with one.`);
      writer.add(namespace, row.key, row.value);
      continue;
    }
    const known = namespaces.get(row.key);
    namespace = known ?? namespaces.size + 1;
    if (known !== undefined) continue;
    if (namespaces.size === MAX_NAMESPACES) throw new UserError('nvs-namespaces', 'NVS has room for 254 namespaces.');
    namespaces.set(row.key, namespace);
    writer.add(0, row.key, { kind: 'integer', type: 'u8', value: BigInt(namespace) });
  }
  const written = writer.finish();
  const slots = readOnly ? pages : pages - 1;
  if (written.length > slots) throw nvsFull(written.length + (readOnly ? 0 : 1), pages);
  const image = new Uint8Array(readOnly ? written.length * NVS_PAGE_SIZE : size).fill(0xff);
  for (const { slot, bytes } of written) image.set(bytes, slot * NVS_PAGE_SIZE);
  return image;
}

/** `pages` counts the spare one. */
function nvsFull(pages: number, has: number): UserError {
  const hex = (count: number) => `0x${(count * NVS_PAGE_SIZE).toString(16)}`;
  return new UserError(
    'nvs-full',
    `The entries need ${hex(pages)} bytes of NVS, the partition has ${hex(has)}: ${hex(pages - has)} too few. Enlarge it in the partition table, or leave entries out.`,
  );
}
