// The format of signed firmware updates (template "rotation-ota").
//
// A signed file is: head (44 bytes) | length of the signature (1) | signature | image. The head is
//   offset  bytes
//   0       4   "SIU1", the name of this format
//   4       4   version, big endian, read from the image's own text
//   8       4   size of the image, big endian
//   12      32  SHA-256 of the image
// The signature is ECDSA P-256 with SHA-256 over the head, in DER. Over MQTT the board gets head and signature as an offer,
// and then one piece of the image after the other, each with its offset (4 bytes, big endian) in front.
import { UserError } from '../errors';
import { startsLikeImage } from './imageHeader';

const MAGIC: readonly number[] = [0x53, 0x49, 0x55, 0x31];
const UPDATE_HEAD_BYTES = 44;
/** With its offset and the topic a piece fits into the board's buffer of 4 kB. */
export const UPDATE_PIECE_BYTES = 2048;

/** What the template prints at its start; the text is in the image, where the version is read from. */
const VERSION_TEXT = '[secure-iot] firmware version ';

export interface SignedUpdate {
  readonly version: number;
  /** Head and signature: what is offered to the board. */
  readonly offer: Uint8Array;
  readonly image: Uint8Array;
}

/** The version that the image itself prints. Throws UserError `update-not-image` or `update-no-version`. */
export function readFirmwareVersion(image: Uint8Array): number {
  if (!startsLikeImage(image)) {
    throw new UserError('update-not-image', 'This is no ESP32 firmware image: it does not start with 0xE9.');
  }
  const text = Array.from(VERSION_TEXT, (character) => character.charCodeAt(0));
  const found = new Set<number>();
  for (let at = image.indexOf(91); at >= 0; at = image.indexOf(91, at + 1)) {
    if (!text.every((byte, i) => image[at + i] === byte)) continue;
    let end = at + text.length;
    let value = 0;
    for (; isDigit(image[end]) && value < 1e9; end++) value = value * 10 + ((image[end] ?? 0) - 48);
    if (end > at + text.length) found.add(value);
  }
  const [version, ...others] = found;
  if (version !== undefined && others.length === 0) return version;
  throw new UserError(
    'update-no-version',
    `The image does not say which version it is: "${VERSION_TEXT}N", as firmware of the template "rotation-ota" has it, is ${version === undefined ? 'not in it' : 'in it with several numbers'}.`,
  );
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/** `hash`: the image's SHA-256. */
export function writeUpdateHead(version: number, imageBytes: number, hash: Uint8Array): Uint8Array {
  const head = new Uint8Array(UPDATE_HEAD_BYTES);
  head.set(MAGIC);
  const view = new DataView(head.buffer);
  view.setUint32(4, version);
  view.setUint32(8, imageBytes);
  head.set(hash, 12);
  return head;
}

export function joinUpdate(head: Uint8Array, signature: Uint8Array, image: Uint8Array): Uint8Array {
  const file = new Uint8Array(head.length + 1 + signature.length + image.length);
  file.set(head);
  file[head.length] = signature.length;
  file.set(signature, head.length + 1);
  file.set(image, head.length + 1 + signature.length);
  return file;
}

/** Takes a signed file apart. Throws UserError `update-not-signed`. The signature is the board's to check. */
export function splitUpdate(file: Uint8Array): SignedUpdate {
  const signatureAt = UPDATE_HEAD_BYTES + 1;
  const imageAt = signatureAt + (file[UPDATE_HEAD_BYTES] ?? 0);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (!MAGIC.every((byte, i) => file[i] === byte) || file.length <= imageAt) {
    throw new UserError(
      'update-not-signed',
      'This is no signed update. "secure-iot update sign" makes one from an image.',
    );
  }
  const image = file.subarray(imageAt);
  if (view.getUint32(8) !== image.length) {
    throw new UserError(
      'update-not-signed',
      `This update was cut off: its image has ${image.length} bytes, ${view.getUint32(8)} were signed. Sign it again.`,
    );
  }
  const offer = new Uint8Array(imageAt - 1);
  offer.set(file.subarray(0, UPDATE_HEAD_BYTES));
  offer.set(file.subarray(signatureAt, imageAt), UPDATE_HEAD_BYTES);
  return { version: view.getUint32(4), offer, image };
}

/** The piece at `offset`, as it is sent; empty past the end. */
export function updatePiece(image: Uint8Array, offset: number): Uint8Array {
  const part = image.subarray(offset, offset + UPDATE_PIECE_BYTES);
  if (part.length === 0) return part;
  const piece = new Uint8Array(4 + part.length);
  new DataView(piece.buffer).setUint32(0, offset);
  piece.set(part, 4);
  return piece;
}
