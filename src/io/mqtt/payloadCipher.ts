// Opens and seals encrypted payloads with node:crypto; the format is core/mqtt/sealedPayload.ts.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors';
import {
  joinSealedPayload,
  parseSealedPayload,
  SEALED_TAG_BYTES,
  type SealedHeader,
  type SealedPayload,
  sealedAssociatedData,
  sealedNonce,
} from '../../core/mqtt/sealedPayload';

const ALGORITHM = 'aes-256-gcm';

export interface OpenedPayload extends Pick<SealedPayload, 'sender' | 'sequence'> {
  readonly payload: Uint8Array;
}

/**
 * The payload in clear. `key` has 32 bytes, `topic` is the one the message came on. Throws UserError `payload-not-sealed`,
 * or `payload-not-authentic` where key, topic or bytes are not those it was sealed with; GCM cannot tell which.
 */
export function openPayload(key: Uint8Array, topic: string, bytes: Uint8Array): OpenedPayload {
  const { sender, sequence, nonce, ciphertext, tag } = parseSealedPayload(bytes);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: SEALED_TAG_BYTES });
  decipher.setAAD(sealedAssociatedData(topic));
  decipher.setAuthTag(tag);
  try {
    return { sender, sequence, payload: Buffer.concat([decipher.update(ciphertext), decipher.final()]) };
  } catch (cause) {
    throw new UserError(
      'payload-not-authentic',
      `The payload does not open: it was sealed with another key, for another topic than "${topic}", or it was changed on the way.`,
      undefined,
      { cause },
    );
  }
}

/** Seals `payload` as `header` says; never call it twice with the same header. */
export function sealPayload(key: Uint8Array, topic: string, header: SealedHeader, payload: Uint8Array): Uint8Array {
  const nonce = sealedNonce(header);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: SEALED_TAG_BYTES });
  cipher.setAAD(sealedAssociatedData(topic));
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  return joinSealedPayload(nonce, ciphertext, cipher.getAuthTag());
}

/** A command to a device: the time as sequence, a fresh salt. */
export function sealCommand(key: Uint8Array, topic: string, payload: Uint8Array, nowMs: number): Uint8Array {
  return sealPayload(key, topic, { sender: 'controller', salt: randomBytes(3), sequence: BigInt(nowMs) }, payload);
}
