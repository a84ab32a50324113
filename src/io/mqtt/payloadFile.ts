// The bytes of a message that is to be published, from a file or a stream, within what MQTT can carry.
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UserError } from '../../core/errors';
import { fileError } from '../files/fileErrors';
import { MAX_PUBLISH_BYTES } from './publishMessage';

/** Throws UserError when it cannot be read or is too large. */
export async function readPayloadFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_PUBLISH_BYTES) throw tooLarge(path);
    return await readFile(path);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/** The whole of it. Throws UserError when it is too large. */
export async function readPayloadStream(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > MAX_PUBLISH_BYTES) throw tooLarge('Standard input');
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string): UserError {
  return new UserError('file-too-large', `${what} is larger than an MQTT message can be (256 MB). Send it in parts.`);
}
