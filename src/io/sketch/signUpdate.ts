// Signs a firmware image with the update key of the certificates folder.
import { createHash, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  joinUpdate,
  readFirmwareVersion,
  type SignedUpdate,
  splitUpdate,
  writeUpdateHead,
} from '../../core/firmware/signedUpdate';
import { fileError } from '../files/fileErrors';
import { writeNewFile } from '../files/newFile';
import { readUpdateKey, updateKeyPath } from './updateKey';

export interface SignedFile {
  readonly path: string;
  readonly version: number;
}

/**
 * Writes `out`, which must not exist; it may be made of the version, which is read from the image. Throws UserError
 * `update-not-image`, `update-no-version`, `update-key-missing`, …
 */
export async function signUpdate(
  imageFile: string,
  certificates: string,
  out: string | ((version: number) => string),
): Promise<SignedFile> {
  const image = await readWhole(imageFile);
  const version = readFirmwareVersion(image);
  const key = await readUpdateKey(updateKeyPath(certificates));
  const head = writeUpdateHead(version, image.length, createHash('sha256').update(image).digest());
  const path = typeof out === 'string' ? out : out(version);
  await writeNewFile(path, joinUpdate(head, sign('sha256', head, key), image));
  return { path, version };
}

export async function readSignedUpdate(file: string): Promise<SignedUpdate> {
  return splitUpdate(await readWhole(file));
}

function readWhole(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
}
