// What it takes to give a board its identity in one of its partitions: read before, written in steps.
import { UserError } from '../../core/errors';
import type { FlashFile } from '../../core/firmware/flashFile';
import type { KeyStorage } from '../../core/firmware/keyAtRest';
import { PARTITION_TYPE_DATA, type Partition } from '../../core/firmware/partitionTable';
import { SECURE_CERT_LABEL, SECURE_CERT_PARTITION_TYPE } from '../../core/firmware/secureCertFormat';
import { findNvs } from '../flash/boardPartitions';

export type ProvisionTarget = 'nvs' | 'secure-cert' | 'littlefs';
export const PROVISION_TARGETS: readonly ProvisionTarget[] = ['nvs', 'secure-cert', 'littlefs'];

export interface IdentityWrite {
  readonly partition: Partition;
  readonly storage: KeyStorage;
  /** Each step is flashed and verified before the next one. */
  readonly steps: readonly (readonly FlashFile[])[];
  /** Index of the step that writes the identity; steps before it prepare, those after it clean up. */
  readonly decisive: number;
  /** A power cut at any moment leaves the old content readable, or the new. */
  readonly safe: boolean;
  /** What the partition held before; undefined where it was blank. */
  readonly before: Uint8Array | undefined;
  /** Entries or files that were there before and still are. */
  readonly kept: number;
  readonly notes: readonly string[];
}

const LITTLEFS_SUBTYPES: readonly number[] = [0x83, 0x82]; // littlefs; spiffs, which Arduino's tables call it

/**
 * Where the identity goes: `wanted`, or esp_secure_cert where the table has it (it is for nothing else), else NVS. Throws
 * UserError `partition-missing` with what there is.
 */
export function findIdentityPartition(
  partitions: readonly Partition[],
  wanted: ProvisionTarget | undefined,
  label: string | undefined,
): { readonly target: ProvisionTarget; readonly partition: Partition } {
  const secureCert = partitions.find((p) => p.type === SECURE_CERT_PARTITION_TYPE && p.label === SECURE_CERT_LABEL);
  const target = wanted ?? (secureCert && label === undefined ? 'secure-cert' : 'nvs');
  if (target === 'nvs') return { target, partition: findNvs(partitions, label) };
  if (target === 'secure-cert' && secureCert) return { target, partition: secureCert };
  const file = partitions.find(
    (p) =>
      p.type === PARTITION_TYPE_DATA &&
      LITTLEFS_SUBTYPES.includes(p.subtype) &&
      (label === undefined || p.label === label),
  );
  if (target === 'littlefs' && file) return { target, partition: file };
  const what =
    target === 'littlefs'
      ? 'LittleFS partition (data, littlefs or spiffs)'
      : `partition "${SECURE_CERT_LABEL}" of the type 0x3F`;
  throw new UserError(
    'partition-missing',
    `This board has no ${what}; it has ${partitions.map((p) => `"${p.label}"`).join(', ')}. Add one to the partition table of its firmware, or choose another place with --into.`,
  );
}

export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0xff);
}
