// The key that signs firmware updates: `update/signing.key` in the certificates folder, which git ignores; P-256, PKCS#8.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { fileError } from '../files/fileErrors';
import type { SecretFile } from '../files/secretFiles';

export function updateKeyPath(certificates: string): string {
  return join(certificates, 'update', 'signing.key');
}

/** Throws UserError `update-key-missing` or `update-key-invalid`. */
export async function readUpdateKey(file: string): Promise<KeyObject> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw fileError(error, 'read', file);
    throw new UserError(
      'update-key-missing',
      `There is no key ${file} that signs updates. New Secure Sketch… makes one with the template "rotation-ota".`,
    );
  });
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // said below
  }
  throw new UserError('update-key-invalid', `${file} is no unencrypted P-256 private key in PEM.`);
}

/** The public key as PEM, and the file to be written where there was no key. Writes nothing. */
export async function planUpdateKey(
  certificates: string,
): Promise<{ readonly publicKey: string; readonly file?: SecretFile }> {
  const path = updateKeyPath(certificates);
  const toPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  try {
    return { publicKey: toPem(await readUpdateKey(path)) };
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'update-key-missing')) throw error;
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { publicKey: toPem(privateKey), file: { path, text } };
}
