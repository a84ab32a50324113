// The identity as files of a LittleFS partition, as the firmware template "littlefs" reads them; other files stay.
import { buildLittlefsImage } from '../../core/firmware/littlefsImage';
import { readLittlefsImage } from '../../core/firmware/littlefsReader';
import type { Partition } from '../../core/firmware/partitionTable';
import type { DeviceIdentity } from '../pki/identityFiles';
import { type IdentityWrite, isBlank } from './identityWrite';

/** Throws UserError `not-littlefs` where the partition holds something else. */
export function writeIdentityToLittlefs(
  bytes: Uint8Array,
  partition: Partition,
  { ca, device, deviceKey }: DeviceIdentity,
): IdentityWrite {
  const text = (pem: string) => new TextEncoder().encode(pem);
  const own = [
    { path: 'ca.pem', bytes: text(ca) },
    { path: 'device.pem', bytes: text(device) },
    { path: 'device.key', bytes: text(deviceKey) },
  ];
  const blank = isBlank(bytes);
  const old = blank ? undefined : readLittlefsImage(bytes);
  const kept = (old?.files ?? []).filter(({ path }) => !own.some((file) => file.path === path));
  const image = buildLittlefsImage([...kept, ...own], {
    size: partition.size,
    ...(old ? { blockSize: old.blockSize, nameMax: old.nameMax } : {}),
  });
  return {
    partition,
    storage: 'littlefs',
    steps: [[{ offset: partition.offset, bytes: image, name: `partition "${partition.label}"` }]],
    decisive: 0,
    safe: blank,
    before: blank ? undefined : bytes,
    kept: kept.length,
    notes: (old?.emptyFolders ?? []).map((folder) => `The empty folder "${folder}" was left out.`),
  };
}
