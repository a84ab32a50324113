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
  let empty = 0;
  for (let offset = 0; offset + NVS_PAGE_SIZE <= image.length; offset += NVS_PAGE_SIZE) {
    const page = image.subarray(offset, offset + NVS_PAGE_SIZE);
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    const state: number = view.getUint32(0, true);
    if (state === NvsPageState.empty) empty++;
    else if (view.getUint32(28, true) !== nvsHeaderCrc(page))
      problems.push(`The page at 0x${offset.toString(16)} has a damaged header and is left out.`);
    else pages.push({ sequence: view.getUint32(4, true), offset });
  }
  pages.sort((a, b) => a.sequence - b.sequence);
  const reader = new PageReader(image, cipher, problems, counts);
  const items = pages.flatMap(({ offset }) => reader.read(offset));
  const looksEncrypted = cipher === undefined && items.length === 0 && counts.written > 0;
  return {
    rows: looksEncrypted ? [] : assemble(items, problems),
    problems: looksEncrypted
      ? ['No entry can be read: the partition is encrypted. Give its keys with --keys.']
      : problems,
    looksEncrypted,
    pages: { used: pages.length, empty },
    entries: counts,
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
    const name = entry.subarray(8, 24);
    const end = name.indexOf(0);
    const key = new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
    const type = head.getUint8(1);
    let data = new Uint8Array(0);
    if (type === NvsType.string || type === NvsType.blobData || type === NvsType.oldBlob) {
      const whole = new Uint8Array((head.getUint8(2) - 1) * NVS_ENTRY_SIZE);
      for (let i = 0; i * NVS_ENTRY_SIZE < whole.length && index + 1 + i < NVS_ENTRIES_PER_PAGE; i++)
        whole.set(this.#entry(offset, index + 1 + i), i * NVS_ENTRY_SIZE);
      data = whole.slice(0, head.getUint16(24, true));
      if (head.getUint32(28, true) !== nvsDataCrc(data)) {
        this.problems.push(`The data of "${key}" has a wrong checksum and is left out.`);
        return undefined;
      }
    }
    return { namespace: head.getUint8(0), type, chunk: head.getUint8(3), key, head, data };
  }
}

/** Joins chunks to blobs and sorts entries under their namespaces. The last one written wins. */
function assemble(items: readonly RawItem[], problems: string[]): NvsRow[] {
  const namespaces = new Map<number, string>();
  const chunks = new Map<string, Uint8Array>();
  const id = (item: RawItem, chunk: number) => `${item.namespace} ${chunk} ${item.key}`;
  for (const item of items) if (item.namespace === 0) namespaces.set(item.head.getUint8(24), item.key);
  const values = new Map<number, Map<string, NvsValue>>();
  for (const item of items) {
    if (item.namespace === 0) continue;
    if (item.type === NvsType.blobData) {
      chunks.set(id(item, item.chunk), item.data); // an index refers to the chunks before it
      continue;
    }
    const value = itemValue(item, (chunk) => chunks.get(id(item, chunk)));
    if (!value) {
      problems.push(`"${item.key}" is not complete and is left out.`);
      continue;
    }
    const entries = values.get(item.namespace) ?? new Map<string, NvsValue>();
    values.set(item.namespace, entries.set(item.key, value));
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
  const bytes = new Uint8Array(item.head.getUint32(24, true));
  let at = 0;
  for (let i = 0; i < item.head.getUint8(28); i++) {
    const part = chunk(item.head.getUint8(29) + i);
    if (!part || at + part.length > bytes.length) return undefined;
    bytes.set(part, at);
    at += part.length;
  }
  return at === bytes.length ? { kind: 'blob', bytes } : undefined;
}
