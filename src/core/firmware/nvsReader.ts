// Reads an NVS partition, fresh from a builder or long used by a board: pages in any order, erased entries, leftovers.
import {
  NVS_BITMAP_OFFSET,
  NVS_ENTRIES_PER_PAGE,
  NVS_ENTRY_SIZE,
  NVS_FIRST_ENTRY,
  NVS_PAGE_SIZE,
  type NvsCipher,
  type NvsIntegerType,
  NvsPageState,
  type NvsRow,
  NvsType,
  type NvsValue,
  nvsDataCrc,
  nvsEntryCrc,
  nvsHeaderCrc,
  nvsIntegers,
} from './nvsFormat';

export interface NvsContent {
  /** Namespaces in the order of their numbers, each followed by its entries in the order they were written. */
  readonly rows: readonly NvsRow[];
  /** What was wrong, in plain words; reading goes on behind it. */
  readonly problems: readonly string[];
  /** Nothing decodes and no key was given. */
  readonly looksEncrypted: boolean;
  readonly pages: { readonly used: number; readonly empty: number };
  readonly entries: { readonly written: number; readonly erased: number; readonly free: number };
  readonly layout: NvsLayout;
}

/** What an update has to know of the pages, so that old and new can stand side by side. */
export interface NvsLayout {
  /** Of each page, in the order of the partition. */
  readonly pages: readonly ('empty' | 'used' | 'damaged')[];
  /** The highest sequence number; -1 without a used page. */
  readonly lastSequence: number;
  /** Name -> the number that stands for it in the entries. */
  readonly namespaces: ReadonlyMap<string, number>;
  /** Numbers that any entry has, with a name or without. */
  readonly numbers: ReadonlySet<number>;
  /** `number key` -> number of the first chunk, for each blob. */
  readonly blobStarts: ReadonlyMap<string, number>;
}

interface RawItem {
  readonly namespace: number;
  readonly type: number;
  readonly chunk: number;
  readonly key: string;
  readonly head: DataView;
  readonly data: Uint8Array;
}

const WRITTEN = 2;
const ERASED = 0;
const integerTypes = new Map<number, NvsIntegerType>(
  Object.entries(nvsIntegers).map(([name, { code }]) => [code, name as NvsIntegerType]),
);

export function readNvsImage(image: Uint8Array, cipher?: NvsCipher): NvsContent {
  const problems: string[] = [];
  const counts = { written: 0, erased: 0, free: 0 };
  const pages: { sequence: number; offset: number }[] = [];
  const states: NvsLayout['pages'][number][] = [];
  for (let offset = 0; offset + NVS_PAGE_SIZE <= image.length; offset += NVS_PAGE_SIZE) {
    const page = image.subarray(offset, offset + NVS_PAGE_SIZE);
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    const state: number = view.getUint32(0, true);
    const damaged = state !== NvsPageState.empty && view.getUint32(28, true) !== nvsHeaderCrc(page);
    if (damaged) problems.push(`The page at 0x${offset.toString(16)} has a damaged header and is left out.`);
    else if (state !== NvsPageState.empty) pages.push({ sequence: view.getUint32(4, true), offset });
    states.push(damaged ? 'damaged' : page.every((byte) => byte === 0xff) ? 'empty' : 'used');
  }
  pages.sort((a, b) => a.sequence - b.sequence);
  const reader = new PageReader(image, cipher, problems, counts);
  const items = pages.flatMap(({ offset }) => reader.read(offset));
  const looksEncrypted = cipher === undefined && items.length === 0 && counts.written > 0;
  const layout: NvsLayout = {
    pages: states,
    lastSequence: pages.at(-1)?.sequence ?? -1,
    namespaces: namespaceNumbers(items),
    numbers: new Set(items.map(({ namespace, head }) => (namespace === 0 ? head.getUint8(24) : namespace))),
    blobStarts: new Map(
      items.flatMap(({ namespace, type, key, head }) =>
        type === NvsType.blobIndex ? [[`${namespace} ${key}`, head.getUint8(29)] as const] : [],
      ),
    ),
  };
  return {
    rows: looksEncrypted ? [] : assemble(items, problems),
    problems: looksEncrypted
      ? [
          'No entry can be read: the partition is encrypted. Give the file with its keys (on the command line: --keys FILE).',
        ]
      : problems,
    looksEncrypted,
    pages: { used: pages.length, empty: states.length - pages.length - states.filter((s) => s === 'damaged').length },
    entries: counts,
    layout,
  };
}

class PageReader {
  constructor(
    private readonly image: Uint8Array,
    private readonly cipher: NvsCipher | undefined,
    private readonly problems: string[],
    private readonly counts: { written: number; erased: number; free: number },
  ) {}

  read(offset: number): RawItem[] {
    const items: RawItem[] = [];
    for (let index = 0; index < NVS_ENTRIES_PER_PAGE; ) {
      const state = this.#state(offset, index);
      if (state !== WRITTEN) {
        if (state === ERASED) this.counts.erased++;
        else this.counts.free++;
        index++;
        continue;
      }
      const item = this.#item(offset, index);
      const span = item?.head.getUint8(2) ?? 1;
      this.counts.written += span;
      if (item) items.push(item);
      index += Math.max(1, span);
    }
    return items;
  }

  #state(offset: number, index: number): number {
    return ((this.image[offset + NVS_BITMAP_OFFSET + (index >> 2)] ?? 0xff) >> ((index & 3) * 2)) & 3;
  }

  #entry(offset: number, index: number): Uint8Array {
    const at = offset + NVS_FIRST_ENTRY + index * NVS_ENTRY_SIZE;
    const entry = this.image.slice(at, at + NVS_ENTRY_SIZE);
    return this.cipher ? this.cipher.decrypt(entry, at) : entry;
  }

  #item(offset: number, index: number): RawItem | undefined {
    const where = `The entry ${index} of the page at 0x${offset.toString(16)}`;
    const entry = this.#entry(offset, index);
    const head = new DataView(entry.buffer, entry.byteOffset, entry.length);
    if (head.getUint32(4, true) !== nvsEntryCrc(entry)) {
      this.problems.push(`${where} has a wrong checksum and is left out.`);
      return undefined;
    }
    const span = head.getUint8(2);
    if (span === 0 || index + span > NVS_ENTRIES_PER_PAGE) {
      this.problems.push(`${where} does not end within its page and is left out.`);
      return undefined;
    }
    const name = entry.subarray(8, 24);
    const end = name.indexOf(0);
    const key = new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
    const type = head.getUint8(1);
    let data = new Uint8Array(0);
    if (type === NvsType.string || type === NvsType.blobData || type === NvsType.oldBlob) {
      const whole = new Uint8Array((span - 1) * NVS_ENTRY_SIZE);
      for (let i = 0; i < span - 1; i++) whole.set(this.#entry(offset, index + 1 + i), i * NVS_ENTRY_SIZE);
      data = whole.slice(0, head.getUint16(24, true));
      if (head.getUint32(28, true) !== nvsDataCrc(data)) {
        this.problems.push(`The data of "${key}" has a wrong checksum and is left out.`);
        return undefined;
      }
    }
    return { namespace: head.getUint8(0), type, chunk: head.getUint8(3), key, head, data };
  }
}

/** Of two numbers for one name the older one counts, except where the newer one is the very last entry of all. */
function namespaceNumbers(items: readonly RawItem[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const item of items)
    if (item.namespace === 0 && (!numbers.has(item.key) || item === items.at(-1)))
      numbers.set(item.key, item.head.getUint8(24));
  return numbers;
}

/**
 * Joins chunks to blobs and sorts entries under their namespaces. Of two entries with one name the older one counts, as
 * for ESP-IDF; but the very last entry of all replaces its older twin (nvs_pagemanager.cpp, after a power cut).
 */
function assemble(items: readonly RawItem[], problems: string[]): NvsRow[] {
  const namespaces = new Map([...namespaceNumbers(items)].map(([name, number]) => [number, name]));
  const replaced = new Set(items.flatMap(({ namespace, head }) => (namespace === 0 ? [head.getUint8(24)] : [])));
  const chunks = new Map<string, Uint8Array>();
  const id = (item: RawItem, chunk: number) => `${item.namespace} ${chunk} ${item.key}`;
  const values = new Map<number, Map<string, NvsValue>>();
  for (const item of items) {
    if (item.namespace === 0 || (replaced.has(item.namespace) && !namespaces.has(item.namespace))) continue;
    if (item.type === NvsType.blobData) {
      const chunk = id(item, item.chunk);
      if (!chunks.has(chunk)) chunks.set(chunk, item.data); // an index refers to the chunks before it
      continue;
    }
    const value = itemValue(item, (chunk) => chunks.get(id(item, chunk)));
    if (!value) {
      problems.push(`"${item.key}" is not complete and is left out.`);
      continue;
    }
    const entries = values.get(item.namespace) ?? new Map<string, NvsValue>();
    if (!entries.has(item.key) || item === items.at(-1)) entries.set(item.key, value);
    values.set(item.namespace, entries);
    if (!namespaces.has(item.namespace)) {
      problems.push(`"${item.key}" belongs to namespace ${item.namespace}, which has no name.`);
      namespaces.set(item.namespace, `(${item.namespace})`);
    }
  }
  return [...namespaces]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, key]): NvsRow[] => [
      { kind: 'namespace', key },
      ...[...(values.get(number) ?? [])].map(([entry, value]): NvsRow => ({ kind: 'entry', key: entry, value })),
    ]);
}

function itemValue(item: RawItem, chunk: (index: number) => Uint8Array | undefined): NvsValue | undefined {
  const type = integerTypes.get(item.type);
  if (type) {
    const { bytes, signed } = nvsIntegers[type];
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(item.head.getUint8(24 + i));
    return { kind: 'integer', type, value: signed ? BigInt.asIntN(bytes * 8, value) : value };
  }
  if (item.type === NvsType.string) return { kind: 'string', bytes: item.data.slice(0, -1) };
  if (item.type === NvsType.oldBlob) return { kind: 'blob', bytes: item.data };
  if (item.type !== NvsType.blobIndex) return undefined;
  const parts: Uint8Array[] = [];
  for (let i = 0; i < item.head.getUint8(28); i++) {
    const part = chunk(item.head.getUint8(29) + i);
    if (!part) return undefined;
    parts.push(part);
  }
  // before room is made for it: a damaged index may say four gigabytes
  if (parts.reduce((sum, part) => sum + part.length, 0) !== item.head.getUint32(24, true)) return undefined;
  const bytes = new Uint8Array(item.head.getUint32(24, true));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { kind: 'blob', bytes };
}
