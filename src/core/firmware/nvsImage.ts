// Builds an NVS partition (format version 2), byte for byte as Espressif's nvs_partition_gen.py does.
import { UserError } from '../errors';
import {
  NVS_BITMAP_OFFSET,
  NVS_CHUNK_ANY,
  NVS_ENTRIES_PER_PAGE,
  NVS_ENTRY_SIZE,
  NVS_FIRST_ENTRY,
  NVS_MAX_STRING,
  NVS_PAGE_SIZE,
  NVS_VERSION_2,
  type NvsCipher,
  NvsPageState,
  type NvsRow,
  NvsType,
  type NvsValue,
  nvsDataCrc,
  nvsEntryCrc,
  nvsHeaderCrc,
  nvsIntegers,
} from './nvsFormat';

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
  const writer = new NvsWriter(readOnly ? pages : pages - 1, options.cipher);
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
  return writer.finish(readOnly ? undefined : size);
}

class NvsWriter {
  readonly #pages: Uint8Array[] = [];
  #page = new Uint8Array(0);
  #used = 0;

  constructor(
    private readonly pageLimit: number,
    private readonly cipher: NvsCipher | undefined,
  ) {
    this.#newPage('');
  }

  add(namespace: number, key: string, value: NvsValue): void {
    const head = entryHead(namespace, key);
    if (value.kind === 'blob') {
      if (this.#used >= NVS_ENTRIES_PER_PAGE) this.#newPage(key);
      this.#addBlob(head, key, value.bytes);
    } else if (value.kind === 'string') this.#addString(head, key, value.bytes);
    else {
      if (this.#used >= NVS_ENTRIES_PER_PAGE) this.#newPage(key);
      const { code, bytes } = nvsIntegers[value.type];
      head[1] = code;
      for (let i = 0; i < bytes; i++) head[24 + i] = Number((value.value >> BigInt(8 * i)) & 0xffn);
      this.#append(sealed(head));
    }
  }

  finish(size: number | undefined): Uint8Array {
    const image = new Uint8Array(size ?? this.#pages.length * NVS_PAGE_SIZE).fill(0xff);
    this.#pages.forEach((page, index) => {
      image.set(page, index * NVS_PAGE_SIZE);
    });
    return image;
  }

  #addString(head: Uint8Array<ArrayBuffer>, key: string, text: Uint8Array): void {
    const data = new Uint8Array(text.length + 1);
    data.set(text);
    if (data.length > NVS_MAX_STRING)
      throw new UserError(
        'nvs-string-too-long',
        `"${key}" has ${text.length} bytes; a string in NVS has at most ${NVS_MAX_STRING - 1}. Store it as a blob.`,
      );
    const entries = 1 + entriesFor(data.length);
    // Espressif's tool leaves the last entry of a page free before a string; an empty page takes one that fills it.
    if (this.#used > 0 && this.#used + entries >= NVS_ENTRIES_PER_PAGE) this.#newPage(key);
    head[1] = NvsType.string;
    head[2] = entries;
    this.#append(withData(head, data));
    this.#append(data);
  }

  /** Chunks, one for each page that the blob touches, then an index entry that says how many there are. */
  #addBlob(head: Uint8Array<ArrayBuffer>, key: string, data: Uint8Array): void {
    let chunks = 0;
    for (let at = 0; ; ) {
      const room = (NVS_ENTRIES_PER_PAGE - this.#used - 1) * NVS_ENTRY_SIZE;
      const chunk = data.subarray(at, at + room);
      head[1] = NvsType.blobData;
      head[2] = 1 + entriesFor(chunk.length);
      head[3] = chunks++;
      this.#append(withData(head, chunk));
      this.#append(chunk);
      at += chunk.length;
      const more = at < data.length;
      if (more || room - chunk.length < NVS_ENTRY_SIZE) this.#newPage(key);
      if (!more) break;
    }
    head.fill(0xff, 24);
    head[1] = NvsType.blobIndex;
    head[2] = 1;
    head[3] = NVS_CHUNK_ANY;
    new DataView(head.buffer).setUint32(24, data.length, true);
    head[28] = chunks;
    head[29] = 0;
    this.#append(sealed(head));
  }

  #append(data: Uint8Array): void {
    const at = NVS_FIRST_ENTRY + this.#used * NVS_ENTRY_SIZE;
    const entries = entriesFor(data.length);
    this.#page.set(data, at);
    for (let i = 0; i < entries; i++) {
      const offset = at + i * NVS_ENTRY_SIZE;
      if (this.cipher) {
        const plain = this.#page.slice(offset, offset + NVS_ENTRY_SIZE);
        const address = (this.#pages.length - 1) * NVS_PAGE_SIZE + offset;
        this.#page.set(this.cipher.encrypt(plain, address), offset);
      }
      const bit = (this.#used + i) * 2;
      const byte = NVS_BITMAP_OFFSET + (bit >> 3);
      this.#page[byte] = (this.#page[byte] ?? 0xff) & ~(1 << (bit & 7));
    }
    this.#used += entries;
  }

  #newPage(key: string): void {
    if (this.#pages.length >= this.pageLimit)
      throw new UserError('nvs-full', `The NVS partition is full at "${key}". Make it larger: 0x1000 bytes a page.`);
    if (this.#pages.length > 0) new DataView(this.#page.buffer).setUint32(0, NvsPageState.full, true);
    const page = new Uint8Array(NVS_PAGE_SIZE).fill(0xff);
    const view = new DataView(page.buffer);
    view.setUint32(0, NvsPageState.active, true);
    view.setUint32(4, this.#pages.length, true);
    page[8] = NVS_VERSION_2;
    view.setUint32(28, nvsHeaderCrc(page), true);
    this.#pages.push(page);
    this.#page = page;
    this.#used = 0;
  }
}

function entryHead(namespace: number, key: string): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(NVS_ENTRY_SIZE).fill(0xff);
  head[0] = namespace;
  head[2] = 1;
  head[3] = NVS_CHUNK_ANY;
  head.fill(0, 8, 24);
  head.set(new TextEncoder().encode(key), 8);
  return head;
}

/** The head of a string or chunk: its size and checksum. */
function withData(head: Uint8Array<ArrayBuffer>, data: Uint8Array): Uint8Array {
  const view = new DataView(head.buffer);
  view.setUint16(24, data.length, true);
  view.setUint32(28, nvsDataCrc(data), true);
  return sealed(head);
}

function sealed(head: Uint8Array<ArrayBuffer>): Uint8Array {
  new DataView(head.buffer).setUint32(4, nvsEntryCrc(head), true);
  return head;
}

function entriesFor(bytes: number): number {
  return Math.ceil(bytes / NVS_ENTRY_SIZE);
}
