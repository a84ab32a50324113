// The wire format of encrypted payloads (firmware template "payload-encryption"), for devices that cannot afford TLS.
//
//   offset  bytes
//   0       4   "SIP1", the name of this format
//   4       1   sender: 1 the device, 2 a controller (whoever sends commands)
//   5       3   salt: random; the device draws one at each start, a controller at each message
//   8       8   sequence, big endian: only ever grows for one sender
//   16      n   the payload, encrypted with AES-256-GCM
//   16+n    16  GCM's tag
//
// Nonce (12 bytes, NIST SP 800-38D 8.2.1): bytes 4 to 15, so sender, salt and sequence. A nonce never comes twice under a
// key, because a sequence never does: the device's is (start number << 32 | message number), and the start number is
// stored in flash before the first message; a controller's is the time in milliseconds. The salt guards what that cannot:
// a board whose flash was erased (it starts again at a random number), two controllers in one millisecond.
// Associated data: bytes 0 to 3 and the MQTT topic in UTF-8, so a message moved to another topic does not open.
// Replay: a receiver takes a sequence only if it is higher than the last one of this sender, see sealedReplay.ts.
// The key is the device's own, 32 bytes; a broker never has it. Topic, length and time of a message stay visible, and so
// does a Last Will, which the broker publishes and which says no more than that the connection ended.
import { UserError } from '../errors';

const SEALED_MAGIC: readonly number[] = [0x53, 0x49, 0x50, 0x31];
export const SEALED_KEY_BYTES = 32;
const NONCE_OFFSET = 4;
const TEXT_OFFSET = 16;
export const SEALED_TAG_BYTES = 16;

export type SealedSender = 'device' | 'controller';
const SENDER_BYTES: Readonly<Record<SealedSender, number>> = { device: 1, controller: 2 };

export interface SealedPayload {
  readonly sender: SealedSender;
  /** Only ever grows for one sender and key. */
  readonly sequence: bigint;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** 16 bytes. */
  readonly tag: Uint8Array;
}

/** What a controller or a device puts in front: everything but the secret. `salt` is 3 random bytes. */
export interface SealedHeader {
  readonly sender: SealedSender;
  readonly salt: Uint8Array;
  readonly sequence: bigint;
}

/** True for bytes that start as this format does; whether they open is for the key to say. */
export function looksSealed(bytes: Uint8Array): boolean {
  return bytes.length >= TEXT_OFFSET + SEALED_TAG_BYTES && SEALED_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Takes a message apart. Throws UserError `payload-not-sealed`. The parts are views of `bytes`. */
export function parseSealedPayload(bytes: Uint8Array): SealedPayload {
  const refuse = (why: string): never => {
    throw new UserError('payload-not-sealed', `This is not an encrypted payload: ${why}.`);
  };
  if (!SEALED_MAGIC.every((byte, i) => bytes[i] === byte)) refuse('it does not start with "SIP1"');
  if (bytes.length < TEXT_OFFSET + SEALED_TAG_BYTES) {
    refuse(`it has ${bytes.length} bytes, and the least is ${TEXT_OFFSET + SEALED_TAG_BYTES}`);
  }
  const sender = (Object.keys(SENDER_BYTES) as SealedSender[]).find((name) => SENDER_BYTES[name] === bytes[4]);
  if (!sender) return refuse(`its sender is ${bytes[4]}, and only 1 (device) and 2 (controller) are known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - SEALED_TAG_BYTES;
  return {
    sender,
    sequence: view.getBigUint64(8),
    nonce: bytes.subarray(NONCE_OFFSET, TEXT_OFFSET),
    ciphertext: bytes.subarray(TEXT_OFFSET, end),
    tag: bytes.subarray(end),
  };
}

/** The nonce of a message to be sealed: sender, salt, sequence. */
export function sealedNonce({ sender, salt, sequence }: SealedHeader): Uint8Array {
  const nonce = new Uint8Array(12);
  nonce[0] = SENDER_BYTES[sender];
  nonce.set(salt.subarray(0, 3), 1);
  new DataView(nonce.buffer).setBigUint64(4, sequence);
  return nonce;
}

/** What GCM authenticates besides the payload: the format's name and the topic the message is published to. */
export function sealedAssociatedData(topic: string): Uint8Array {
  const name = new TextEncoder().encode(topic);
  const data = new Uint8Array(SEALED_MAGIC.length + name.length);
  data.set(SEALED_MAGIC);
  data.set(name, SEALED_MAGIC.length);
  return data;
}

/** The message from its parts. */
export function joinSealedPayload(nonce: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TEXT_OFFSET + ciphertext.length + tag.length);
  bytes.set(SEALED_MAGIC);
  bytes.set(nonce, NONCE_OFFSET);
  bytes.set(ciphertext, TEXT_OFFSET);
  bytes.set(tag, TEXT_OFFSET + ciphertext.length);
  return bytes;
}
