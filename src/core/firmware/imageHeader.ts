// The header of an ESP firmware image, its segments, checksum and hash: what the ROM checks before it runs one.
// https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/firmware-image-format.html

const MAGIC = 0xe9;
const ESP8266_V2_MAGIC = 0xea;
const CHECKSUM_SEED = 0xef;
const HEADER = 8;
const EXTENDED_HEADER = 24;
const MAX_SEGMENTS = 16;
const HASH = 32;
/** esp_app_desc_t, first thing in the first segment of an application. */
const APP_DESCRIPTION_MAGIC = 0xabcd5432;

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface AppDescription {
  readonly project: string;
  readonly version: string;
  readonly idfVersion: string;
  readonly built: string;
}

export interface ImageHeader {
  /** Undefined for the ESP8266, whose header has no such field. */
  readonly chipId: number | undefined;
  /** Lowest chip revision it runs on, times 100 (`300` is v3.0). */
  readonly minRevision: number;
  readonly maxRevision: number;
  /** Flash size that the image was made for, in bytes. */
  readonly flashBytes: number;
  readonly segments: number;
  /** Length of the image itself in bytes, hash included; what follows it in a file is not part of it. */
  readonly length: number;
  readonly hashAppended: boolean;
  readonly app: AppDescription | undefined;
}

export type ImageProblem =
  | { readonly kind: 'no-image' }
  | { readonly kind: 'truncated'; readonly needs: number; readonly has: number }
  | { readonly kind: 'bad-checksum' }
  | { readonly kind: 'bad-hash' };

export function startsLikeImage(bytes: Uint8Array): boolean {
  return bytes[0] === MAGIC;
}

/** Reads an image at the start of `bytes`. `sha256` checks the appended hash; without it the hash is not checked. */
export function readImage(bytes: Uint8Array, esp8266: boolean, sha256?: Sha256): ImageHeader | ImageProblem {
  const headerLength = esp8266 ? HEADER : EXTENDED_HEADER;
  if (bytes[0] !== MAGIC && !(esp8266 && bytes[0] === ESP8266_V2_MAGIC)) return { kind: 'no-image' };
  if (bytes.length < headerLength) return { kind: 'truncated', needs: headerLength, has: bytes.length };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = bytes[1] ?? 0;
  if (bytes[0] === ESP8266_V2_MAGIC) return esp8266V2(bytes);
  if (segments === 0 || segments > MAX_SEGMENTS) return { kind: 'no-image' };

  let at = headerLength;
  let checksum = CHECKSUM_SEED;
  for (let i = 0; i < segments; i++) {
    if (at + 8 > bytes.length) return { kind: 'truncated', needs: at + 8, has: bytes.length };
    const length = view.getUint32(at + 4, true);
    at += 8;
    if (at + length > bytes.length) return { kind: 'truncated', needs: at + length, has: bytes.length };
    for (let b = at; b < at + length; b++) checksum ^= bytes[b] ?? 0;
    at += length;
  }
  const checksumAt = at | 15; // the last byte of the 16-byte row in which the segments end, or of the next one
  if (checksumAt >= bytes.length) return { kind: 'truncated', needs: checksumAt + 1, has: bytes.length };
  if (bytes[checksumAt] !== checksum) return { kind: 'bad-checksum' };

  const hashAppended = !esp8266 && bytes[23] === 1;
  const end = checksumAt + 1;
  const length = end + (hashAppended ? HASH : 0);
  if (length > bytes.length) return { kind: 'truncated', needs: length, has: bytes.length };
  if (hashAppended && sha256 && !equal(sha256(bytes.subarray(0, end)), bytes.subarray(end, length)))
    return { kind: 'bad-hash' };
  return {
    chipId: esp8266 ? undefined : view.getUint16(12, true),
    minRevision: esp8266 ? 0 : view.getUint16(15, true),
    maxRevision: esp8266 ? 0xffff : view.getUint16(17, true),
    flashBytes: flashBytes(bytes[3] ?? 0, esp8266),
    segments,
    length,
    hashAppended,
    app: esp8266 ? undefined : appDescription(bytes, view),
  };
}

/** Version 2 images of the ESP8266 (0xEA) hold a second header after the first segment; the ROM loads them as they are. */
function esp8266V2(bytes: Uint8Array): ImageHeader {
  return {
    chipId: undefined,
    minRevision: 0,
    maxRevision: 0xffff,
    flashBytes: flashBytes(bytes[3] ?? 0, true),
    segments: bytes[1] ?? 0,
    length: bytes.length,
    hashAppended: false,
    app: undefined,
  };
}

/** High nibble of byte 3. */
function flashBytes(sizeAndFrequency: number, esp8266: boolean): number {
  const index = sizeAndFrequency >> 4;
  const kilobytes = esp8266 ? [512, 256, 1024, 2048, 4096, 2048, 4096, 4096, 8192, 16384][index] : 1024 << index;
  return (kilobytes ?? 0) * 1024;
}

function appDescription(bytes: Uint8Array, view: DataView): AppDescription | undefined {
  const at = EXTENDED_HEADER + 8;
  if (bytes.length < at + 256 || view.getUint32(at, true) !== APP_DESCRIPTION_MAGIC) return undefined;
  const text = (offset: number, length: number) => {
    const field = bytes.subarray(at + offset, at + offset + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  return {
    version: text(16, 32),
    project: text(48, 32),
    built: `${text(96, 16)} ${text(80, 16)}`.trim(),
    idfVersion: text(112, 32),
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
