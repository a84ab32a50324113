// The keys of encrypted payloads: one a device, `payload/NAME.key` in the certificates folder, which git ignores.
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../core/errors';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import { SEALED_KEY_BYTES } from '../../core/mqtt/sealedPayload';
import { fileNameOf } from '../../core/pki/fileName';
import { fileError } from '../files/fileErrors';
import type { SecretFile } from '../files/secretFiles';

const FOLDER = 'payload';

export function payloadKeyPath(certificates: string, device: string): string {
  const reason = refuseSlotValue('deviceId', device);
  if (reason) throw new UserError('bad-slot-value', `Device name "${device}" cannot be used: ${reason}.`);
  return join(certificates, FOLDER, `${fileNameOf(device)}.key`);
}

/** Reads a file of 64 hexadecimal digits. Throws UserError `payload-key-missing` or `payload-key-invalid`. */
export async function readPayloadKey(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw fileError(error, 'read', file);
    throw new UserError(
      'payload-key-missing',
      `There is no payload key ${file}. New Secure Sketch… makes one with the template "payload-encryption".`,
    );
  });
  if (!new RegExp(`^[0-9A-Fa-f]{${2 * SEALED_KEY_BYTES}}\\s*$`).test(text)) {
    throw new UserError(
      'payload-key-invalid',
      `${file} holds no payload key: ${2 * SEALED_KEY_BYTES} hexadecimal digits.`,
    );
  }
  return Buffer.from(text.trim(), 'hex');
}

/** The device's key in hexadecimal, and the file to be written where there was none. Writes nothing. */
export async function planPayloadKey(
  certificates: string,
  device: string,
): Promise<{ readonly key: string; readonly file?: SecretFile }> {
  const path = payloadKeyPath(certificates, device);
  try {
    return { key: Buffer.from(await readPayloadKey(path)).toString('hex') };
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'payload-key-missing')) throw error;
  }
  const key = randomBytes(SEALED_KEY_BYTES).toString('hex');
  return { key, file: { path, text: `${key}\n` } };
}

/** Every key of the folder by its file's name, which is the device's where that is a legal one; what is no key is left out. */
export async function readPayloadKeys(certificates: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = join(certificates, FOLDER);
  const names = await readdir(folder).catch(() => [] as string[]);
  const keys = new Map<string, Uint8Array>();
  for (const name of names.filter((file) => file.endsWith('.key')).sort()) {
    const key = await readPayloadKey(join(folder, name)).catch(() => undefined);
    if (key) keys.set(basename(name, '.key'), key);
  }
  return keys;
}
