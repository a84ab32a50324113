// New content for one namespace of an NVS that a board already has, so that a power cut leaves the old or the new readable.
//
// Everything goes once more into empty pages, numbered after the old ones, which are erased when it is there. The changed
// namespace gets another number, and its name is the very last entry. Until that one is written, firmware finds the name's
// old number; once it is, ESP-IDF drops the name's older twin (the end of PageManager::load, nvs_pagemanager.cpp). What did
// not change keeps its numbers: whichever copy is read, it is the same. Blobs get the other version of their chunks'
// numbers, as the firmware itself does it.
import { UserError } from '../errors';
import { NVS_BLOB_VERSION_1, NVS_PAGE_SIZE, type NvsCipher, type NvsRow } from './nvsFormat';
import { buildNvsImage } from './nvsImage';
import type { NvsContent, NvsLayout } from './nvsReader';
import { type NvsPage, NvsWriter } from './nvsWriter';

const MAX_NAMESPACES = 254;

/** A piece of the partition; `offset` counts from its start. */
export interface NvsPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface NvsUpdate {
  /** To be written in this order, each only when the one before is verified. */
  readonly steps: readonly (readonly NvsPiece[])[];
  /** False where there is no room beside the old content: then the partition is written anew as a whole. */
  readonly safe: boolean;
}

export interface NvsChange {
  /** Everything that shall be in NVS afterwards. */
  readonly rows: readonly NvsRow[];
  /** The namespace whose entries are others than before. */
  readonly namespace: string;
  /** What the partition holds now. */
  readonly old: NvsContent;
  /** Bytes of the partition. */
  readonly size: number;
  readonly cipher?: NvsCipher | undefined;
}

export function planNvsUpdate(change: NvsChange): NvsUpdate {
  const { rows, old, size, cipher } = change;
  const { pages } = old.layout;
  const empty = pages.flatMap((state, slot) => (state === 'empty' ? [slot] : []));
  const stale = pages.flatMap((state, slot) => (state === 'empty' ? [] : [slot]));
  const written = write(change, empty);
  // One page stays free: firmware refuses to start NVS without one.
  if (written.length + 1 > empty.length) {
    const image = buildNvsImage(rows, size, cipher ? { cipher } : {});
    const offset = 0;
    const bytes = new Uint8Array(size).fill(0xff);
    bytes.set(image);
    return { steps: [[{ offset, bytes }]], safe: false };
  }
  const fresh = written.map(({ slot, bytes }) => ({ offset: slot * NVS_PAGE_SIZE, bytes }));
  const erased = new Uint8Array(NVS_PAGE_SIZE).fill(0xff);
  const erase = stale.map((slot) => ({ offset: slot * NVS_PAGE_SIZE, bytes: erased }));
  return { steps: [join(fresh), join(erase)].filter((step) => step.length > 0), safe: true };
}

function write({ rows, namespace: changed, old, cipher }: NvsChange, slots: readonly number[]): readonly NvsPage[] {
  const { layout } = old;
  const writer = new NvsWriter({ slots, firstSequence: layout.lastSequence + 1, cipher });
  const numbers = namespaceNumbers(rows, changed, layout);
  let namespace = 0;
  for (const row of rows) {
    if (row.kind === 'namespace') {
      namespace = numbers.get(row.key) ?? 0;
      continue;
    }
    const before = layout.blobStarts.get(`${namespace} ${row.key}`);
    writer.add(namespace, row.key, row.value, before === 0 ? NVS_BLOB_VERSION_1 : 0);
  }
  for (const [key, number] of numbers) writer.add(0, key, { kind: 'integer', type: 'u8', value: BigInt(number) });
  return writer.finish();
}

/** The changed namespace comes last. Its new number is one that no entry has, not even one that a cut-off write left. */
function namespaceNumbers(rows: readonly NvsRow[], changed: string, layout: NvsLayout): Map<string, number> {
  const names = [...new Set(rows.flatMap((row) => (row.kind === 'namespace' && row.key !== changed ? [row.key] : [])))];
  const taken = new Set(layout.numbers);
  const unused = () => {
    let number = 1;
    while (taken.has(number)) number++;
    if (number > MAX_NAMESPACES)
      throw new UserError(
        'nvs-namespaces',
        `NVS has room for ${MAX_NAMESPACES} namespaces, and this one has no number left. Erase the partition and provision the board again.`,
      );
    taken.add(number);
    return number;
  };
  const numbers = new Map(names.map((name) => [name, layout.namespaces.get(name) ?? unused()]));
  return numbers.set(changed, unused());
}

/** Neighbouring pages become one piece: fewer writes. */
function join(pieces: readonly NvsPiece[]): NvsPiece[] {
  const joined: NvsPiece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1);
    if (!last || last.offset + last.bytes.length !== piece.offset) {
      joined.push(piece);
      continue;
    }
    const bytes = new Uint8Array(last.bytes.length + piece.bytes.length);
    bytes.set(last.bytes);
    bytes.set(piece.bytes, last.bytes.length);
    joined[joined.length - 1] = { offset: last.offset, bytes };
  }
  return joined;
}
