// The identity in NVS: read what is there, set three entries, keep the rest; encrypted where the board's NVS is.
import { randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors';
import type { NvsRow, NvsValue } from '../../core/firmware/nvsFormat';
import { makeNvsKeyPartition, NVS_KEY_LENGTH, readNvsKeys } from '../../core/firmware/nvsKeys';
import { setNvsEntries } from '../../core/firmware/nvsMerge';
import { type NvsContent, readNvsImage } from '../../core/firmware/nvsReader';
import { planNvsUpdate } from '../../core/firmware/nvsUpdate';
import type { Partition } from '../../core/firmware/partitionTable';
import { findNvsKeys } from '../flash/boardPartitions';
import type { Session } from '../flash/espSession';
import type { DeviceIdentity } from '../pki/identityFiles';
import { type IdentityWrite, isBlank } from './identityWrite';
import { nvsCipher } from './nvsCipher';

export interface NvsBefore {
  readonly bytes: Uint8Array;
  readonly content: NvsContent;
  /** 64 bytes; undefined where NVS is not encrypted. */
  readonly keys: Uint8Array | undefined;
  /** The nvs_keys partition, where it is still blank and has to be written. */
  readonly keysTo: Partition | undefined;
}

/** `given`: keys from a file. Throws UserError where an encrypted NVS cannot be read. */
export async function readBoardNvs(
  session: Session,
  partitions: readonly Partition[],
  partition: Partition,
  given?: Uint8Array,
  instead?: Uint8Array,
): Promise<NvsBefore> {
  session.stop.throwIfAborted();
  const bytes = instead ?? (await session.loader.readFlash(partition.offset, partition.size));
  const plain = readNvsImage(bytes);
  if (plain.rows.length > 0) return { bytes, content: plain, keys: undefined, keysTo: undefined };
  const place = findNvsKeys(partitions);
  const stored = place && (await session.loader.readFlash(place.offset, 4096));
  const blankKeys = stored === undefined || isBlank(stored);
  if (plain.looksEncrypted && blankKeys && !given)
    throw new UserError(
      'nvs-encrypted',
      `The NVS partition "${partition.label}" of this board is encrypted, and its keys are not in an nvs_keys partition. Give the file that holds them (on the command line: --keys FILE).`,
    );
  if (!place && !given) return { bytes, content: plain, keys: undefined, keysTo: undefined };
  const own = blankKeys ? undefined : readNvsKeys(stored);
  if (own && given && !Buffer.from(own).equals(Buffer.from(given)))
    throw new UserError(
      'nvs-keys',
      'The nvs_keys partition of this board holds other keys than the file. Do without the file to use the board’s.',
    );
  const keys = own ?? given ?? randomBytes(NVS_KEY_LENGTH);
  const content = readNvsImage(bytes, nvsCipher(keys));
  if (content.rows.length === 0 && content.entries.written > 0)
    throw new UserError(
      'nvs-keys',
      `The NVS partition "${partition.label}" cannot be read with these keys: they are not the ones it was written with.`,
    );
  return { bytes, content, keys, keysTo: blankKeys ? place : undefined };
}

export function writeIdentityToNvs(
  before: NvsBefore,
  partition: Partition,
  namespace: string,
  identity: DeviceIdentity,
): IdentityWrite {
  const entries = nvsIdentity(identity);
  const old = withoutNameless(before.content.rows);
  const rows = setNvsEntries(old, namespace, entries);
  const cipher = before.keys && nvsCipher(before.keys);
  const { steps, safe } = planNvsUpdate({ rows, namespace, old: before.content, size: partition.size, cipher });
  const name = `partition "${partition.label}"`;
  const files = steps.map((pieces) =>
    pieces.map(({ offset, bytes }) => ({ offset: partition.offset + offset, bytes, name })),
  );
  const keyFile =
    before.keys && before.keysTo
      ? [
          [
            {
              offset: before.keysTo.offset,
              bytes: makeNvsKeyPartition(before.keys),
              name: `partition "${before.keysTo.label}"`,
            },
          ],
        ]
      : [];
  const isEntry = (row: NvsRow) => row.kind === 'entry';
  return {
    partition,
    storage: cipher ? 'nvs-encrypted' : 'nvs',
    steps: [...keyFile, ...files],
    decisive: keyFile.length,
    safe,
    before: isBlank(before.bytes) ? undefined : before.bytes,
    kept: rows.filter(isEntry).length - entries.size,
    notes: old.filter(isEntry).length === 0 ? [] : before.content.problems,
  };
}

function nvsIdentity({ ca, device, deviceKey }: DeviceIdentity): ReadonlyMap<string, NvsValue> {
  const text = (pem: string): NvsValue => ({ kind: 'string', bytes: new TextEncoder().encode(pem) });
  return new Map([
    ['root_ca', text(ca)],
    ['device_cert', text(device)],
    ['device_key', text(deviceKey)],
  ]);
}

/** Entries whose namespace has no name, left by a write that was cut off: no firmware finds them. */
function withoutNameless(rows: readonly NvsRow[]): NvsRow[] {
  let nameless = false;
  return rows.filter((row) => {
    if (row.kind === 'namespace') nameless = /^\(\d+\)$/.test(row.key);
    return !nameless;
  });
}
