// The packets of Espressif's serial loader: opcodes, status codes, requests and responses.
// https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/serial-protocol.html

export const Op = {
  FLASH_BEGIN: 0x02,
  FLASH_DATA: 0x03,
  FLASH_END: 0x04,
  MEM_BEGIN: 0x05,
  MEM_END: 0x06,
  MEM_DATA: 0x07,
  SYNC: 0x08,
  WRITE_REG: 0x09,
  READ_REG: 0x0a,
  SPI_SET_PARAMS: 0x0b,
  SPI_ATTACH: 0x0d,
  READ_FLASH_SLOW: 0x0e,
  CHANGE_BAUDRATE: 0x0f,
  FLASH_DEFL_BEGIN: 0x10,
  FLASH_DEFL_DATA: 0x11,
  FLASH_DEFL_END: 0x12,
  SPI_FLASH_MD5: 0x13,
  GET_SECURITY_INFO: 0x14,
  ERASE_FLASH: 0xd0,
  ERASE_REGION: 0xd1,
  READ_FLASH: 0xd2,
  RUN_USER_CODE: 0xd3,
} as const;

/** Status 1 with one of these as the second byte. */
export const RomError = {
  invalidMessage: 0x05,
  failed: 0x06,
  checksum: 0x07,
  flashWrite: 0x08,
  inflate: 0x0b,
} as const;

/** The stub puts its error into the first status byte. */
export const StubError = {
  badLength: 0xc0,
  badChecksum: 0xc1,
  badBlockSize: 0xc2,
  invalidCommand: 0xc3,
  spiFailed: 0xc4,
  notInFlashMode: 0xc6,
  inflate: 0xc7,
  notEnoughData: 0xc8,
  tooMuchData: 0xc9,
  notImplemented: 0xff,
} as const;

export interface LoaderRequest {
  readonly op: number;
  readonly checksum: number;
  readonly data: Uint8Array;
}

/** A command, or undefined where the frame is not one (wrong direction, or a length that does not match). */
export function parseRequest(frame: Uint8Array): LoaderRequest | undefined {
  if (frame.length < 8 || frame[0] !== 0) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const length = view.getUint16(2, true);
  if (frame.length !== 8 + length) return undefined;
  return { op: view.getUint8(1), checksum: view.getUint32(4, true), data: frame.subarray(8) };
}

/** A response frame (not yet SLIP encoded): `data` holds the result and, last, the status bytes. */
export function makeResponse(op: number, value: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(8 + data.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, op);
  view.setUint16(2, data.length, true);
  view.setUint32(4, value >>> 0, true);
  frame.set(data, 8);
  return frame;
}

/** The little-endian words of a command; missing ones are 0. */
export function words(data: Uint8Array): (index: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (index) => (data.length >= index * 4 + 4 ? view.getUint32(index * 4, true) : 0);
}

/** XOR of all bytes with the ROM's seed. */
export function xorChecksum(data: Uint8Array, seed = 0xef): number {
  let sum = seed;
  for (const byte of data) sum ^= byte;
  return sum;
}
