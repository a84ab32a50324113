// ESP32 firmware images: written as `esptool elf2image` writes them, and checked as the bootloader checks them.
// https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/firmware-image-format.html
import { createHash } from 'node:crypto';
import { xorChecksum } from './loaderProtocol';

const MAGIC = 0xe9;
const HEADER_LENGTH = 24;
const ESP8266_HEADER_LENGTH = 8;

export interface Segment {
  readonly address: number;
  readonly data: Uint8Array;
}

/**
 * DIO, 40 MHz, 4 MB, any revision; with checksum and appended SHA-256. Without an `imageId` an image for the ESP8266,
 * whose short header names no chip and knows no hash.
 */
export function buildEspImage(entry: number, segments: readonly Segment[], imageId: number | undefined): Uint8Array {
  const headerLength = imageId === undefined ? ESP8266_HEADER_LENGTH : HEADER_LENGTH;
  const padded = segments.map(({ address, data }) => ({ address, data: padTo(data, 4) }));
  const body = padded.reduce((sum, { data }) => sum + 8 + data.length, headerLength);
  const length = Math.ceil((body + 1) / 16) * 16;
  const image = new Uint8Array(length + (imageId === undefined ? 0 : 32));
  const view = new DataView(image.buffer);
  image.set([MAGIC, padded.length, 2, imageId === undefined ? 0x40 : 0x20]);
  view.setUint32(4, entry, true);
  if (imageId !== undefined) {
    image[8] = 0xee; // WP pin: disabled
    view.setUint16(12, imageId, true);
    view.setUint16(17, 399, true); // highest chip revision, v3.99
    image[23] = 1; // SHA-256 follows
  }
  let at = headerLength;
  let checksum = 0xef;
  for (const { address, data } of padded) {
    view.setUint32(at, address, true);
    view.setUint32(at + 4, data.length, true);
    image.set(data, at + 8);
    at += 8 + data.length;
    checksum = xorChecksum(data, checksum);
  }
  image[length - 1] = checksum;
  if (imageId !== undefined) image.set(createHash('sha256').update(image.subarray(0, length)).digest(), length);
  return image;
}

export type ImageCheck =
  | { readonly ok: true; readonly entry: number; readonly segments: readonly Segment[] }
  /** `fault` in the words of ESP-IDF's esp_image_format.c. */
  | { readonly ok: false; readonly fault: string };

/** Reads the image that starts at `offset` of a flash. */
export function checkEspImage(flash: Uint8Array, offset: number, esp8266 = false): ImageCheck {
  const at0 = hex(offset);
  if (flash[offset] !== MAGIC)
    return { ok: false, fault: `image at ${at0} has invalid magic byte (nothing flashed here?)` };
  const view = new DataView(flash.buffer, flash.byteOffset, flash.byteLength);
  const segments: Segment[] = [];
  let at = offset + (esp8266 ? ESP8266_HEADER_LENGTH : HEADER_LENGTH);
  let checksum = 0xef;
  const count = flash[offset + 1] ?? 0;
  if (count > 16) return { ok: false, fault: `image at ${at0} segment count ${count} exceeds max 16` };
  for (let i = 0; i < count; i++) {
    if (at + 8 > flash.length) return { ok: false, fault: `image at ${at0} is truncated` };
    const address = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || at + 8 + length > flash.length)
      return { ok: false, fault: `Segment ${i} load address ${hex(address)}, invalid length ${hex(length)}` };
    const data = flash.subarray(at + 8, at + 8 + length);
    checksum = xorChecksum(data, checksum);
    segments.push({ address, data });
    at += 8 + length;
  }
  const end = offset + Math.ceil((at - offset + 1) / 16) * 16;
  const stored = flash[end - 1] ?? 0;
  if (stored !== checksum)
    return { ok: false, fault: `Checksum failed. Calculated ${hex(checksum)} read ${hex(stored)}` };
  const digest = createHash('sha256').update(flash.subarray(offset, end)).digest();
  if (!esp8266 && flash[offset + 23] === 1 && !digest.equals(flash.subarray(end, end + 32)))
    return { ok: false, fault: 'Image hash failed - image is corrupt' };
  return { ok: true, entry: view.getUint32(offset + 4, true), segments };
}

export function padTo(data: Uint8Array, multiple: number, fill = 0): Uint8Array {
  const padded = new Uint8Array(Math.ceil(data.length / multiple) * multiple).fill(fill);
  padded.set(data);
  return padded;
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
