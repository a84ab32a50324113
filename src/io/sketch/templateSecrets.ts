// The slots of a template that are made and not asked for: random keys and passwords, payload keys, update keys.
import { randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors';
import type { Slot } from '../../core/firmware/templateParts';
import type { SecretFile } from '../files/secretFiles';
import { planPayloadKey } from '../mqtt/payloadKeys';
import { planUpdateKey } from './updateKey';

export interface MadeSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** To be written into the certificates folder together with the project. */
  readonly files: readonly SecretFile[];
}

/** Letters and digits that nobody mixes up when typing them from a label. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

function randomText(slot: Slot): string {
  if (slot.kind === 'hexKey') return randomBytes(32).toString('hex');
  return [...randomBytes(12)].map((byte) => ALPHABET[byte % 32]).join('');
}

/** Fills the slots that `given` leaves open. Writes nothing. */
export async function planSecrets(
  slots: readonly Slot[],
  given: Readonly<Record<string, string>>,
  certificates: string | undefined,
): Promise<MadeSecrets> {
  const values: Record<string, string> = {};
  const files: SecretFile[] = [];
  const folder = (): string => {
    if (certificates) return certificates;
    throw new UserError(
      'certificate-missing',
      'This template keeps a key in the certificates folder: give it (--certs).',
    );
  };
  for (const slot of slots.filter(({ name }) => !given[name])) {
    if (slot.from === 'random') values[slot.name] = randomText(slot);
    if (slot.from === 'payloadKey') {
      const device = given['device'];
      if (!device) throw new UserError('missing-slot', 'Device name is missing: give it as "device".');
      const { key, file } = await planPayloadKey(folder(), device);
      values[slot.name] = key;
      if (file) files.push(file);
    }
    if (slot.from === 'updateKey') {
      const { publicKey, file } = await planUpdateKey(folder());
      values[slot.name] = publicKey;
      if (file) files.push(file);
    }
  }
  return { values, files };
}
