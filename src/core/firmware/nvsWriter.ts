// Writes NVS entries into pages: strings and integers whole, blobs cut at the end of a page.
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
  NvsType,
  type NvsValue,
  nvsDataCrc,
  nvsEntryCrc,
  nvsHeaderCrc,
  nvsIntegers,
} from './nvsFormat';

export interface NvsWriterOptions {
  /** Which pages of the partition may be written, in this order. */
  readonly slots: readonly number[];
  /** Sequence number of the first page; the partition's pages are read in this order. */
  readonly firstSequence: number;
  /** Encrypts every entry; page headers stay plain. */
  readonly cipher: NvsCipher | undefined;
}

export interface NvsPage {
  /** Number of the page in the partition. */
  readonly slot: number;
  readonly bytes: Uint8Array;
}

/** May make more pages than there are slots: check `finish().length` before using them. */
export class NvsWriter {
  readonly #pages: NvsPage[] = [];
  #page = new Uint8Array(0);
  #used = 0;

  constructor(private readonly options: NvsWriterOptions) {
    this.#newPage();
  }

  /** `blobStart`: number of a blob's first chunk; firmware alternates between 0 and NVS_BLOB_VERSION_1. */
  add(namespace: number, key: string, value: NvsValue, blobStart = 0): void {
    const head = entryHead(namespace, key);
    if (value.kind === 'blob') {
      if (this.#used >= NVS_ENTRIES_PER_PAGE) this.#newPage();
      this.#addBlob(head, value.bytes, blobStart);
    } else if (value.kind === 'string') this.#addString(head, key, value.bytes);
    else {
      if (this.#used >= NVS_ENTRIES_PER_PAGE) this.#newPage();
      const { code, bytes } = nvsIntegers[value.type];
      head[1] = code;
      for (let i = 0; i < bytes; i++) head[24 + i] = Number((value.value >> BigInt(8 * i)) & 0xffn);
      this.#append(sealed(head));
    }
  }

  /** The pages in the order of their sequence numbers; the last one is open for more. */
  finish(): readonly NvsPage[] {
    return this.#pages;
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
    if (this.#used > 0 && this.#used + entries >= NVS_ENTRIES_PER_PAGE) this.#newPage();
    head[1] = NvsType.string;
    head[2] = entries;
    this.#append(withData(head, data));
    this.#append(data);
  }

  /** Chunks, one for each page that the blob touches, then an index entry that says how many there are. */
  #addBlob(head: Uint8Array<ArrayBuffer>, data: Uint8Array, start: number): void {
    let chunks = 0;
    for (let at = 0; ; ) {
      const room = (NVS_ENTRIES_PER_PAGE - this.#used - 1) * NVS_ENTRY_SIZE;
      const chunk = data.subarray(at, at + room);
      head[1] = NvsType.blobData;
      head[2] = 1 + entriesFor(chunk.length);
      head[3] = start + chunks++;
      this.#append(withData(head, chunk));
      this.#append(chunk);
      at += chunk.length;
      const more = at < data.length;
      if (more || room - chunk.length < NVS_ENTRY_SIZE) this.#newPage();
      if (!more) break;
    }
    head.fill(0xff, 24);
    head[1] = NvsType.blobIndex;
    head[2] = 1;
    head[3] = NVS_CHUNK_ANY;
    new DataView(head.buffer).setUint32(24, data.length, true);
    head[28] = chunks;
    head[29] = start;
    this.#append(sealed(head));
  }

  #append(data: Uint8Array): void {
    const at = NVS_FIRST_ENTRY + this.#used * NVS_ENTRY_SIZE;
    const entries = entriesFor(data.length);
    this.#page.set(data, at);
    for (let i = 0; i < entries; i++) {
      const offset = at + i * NVS_ENTRY_SIZE;
      if (this.options.cipher) {
        const plain = this.#page.slice(offset, offset + NVS_ENTRY_SIZE);
        const address = (this.#pages.at(-1)?.slot ?? 0) * NVS_PAGE_SIZE + offset;
        this.#page.set(this.options.cipher.encrypt(plain, address), offset);
      }
      const bit = (this.#used + i) * 2;
      const byte = NVS_BITMAP_OFFSET + (bit >> 3);
      this.#page[byte] = (this.#page[byte] ?? 0xff) & ~(1 << (bit & 7));
    }
    this.#used += entries;
  }

  #newPage(): void {
    const { slots, firstSequence } = this.options;
    // Pages beyond the slots are only counted: the count makes the caller's message.
    const slot = slots[this.#pages.length] ?? this.#pages.length;
    if (this.#pages.length > 0) new DataView(this.#page.buffer).setUint32(0, NvsPageState.full, true);
    const page = new Uint8Array(NVS_PAGE_SIZE).fill(0xff);
    const view = new DataView(page.buffer);
    view.setUint32(0, NvsPageState.active, true);
    view.setUint32(4, firstSequence + this.#pages.length, true);
    page[8] = NVS_VERSION_2;
    view.setUint32(28, nvsHeaderCrc(page), true);
    this.#pages.push({ slot, bytes: page });
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
