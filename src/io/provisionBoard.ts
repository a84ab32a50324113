// Gives a board its identity: CA, device certificate and private key go into its NVS partition, the rest of NVS stays.
import { UserError } from '../core/errors';
import { planFlash } from '../core/firmware/flashPlan';
import type { NvsValue } from '../core/firmware/nvsFormat';
import { buildNvsImage } from '../core/firmware/nvsImage';
import { setNvsEntries } from '../core/firmware/nvsMerge';
import { type NvsContent, readNvsImage } from '../core/firmware/nvsReader';
import type { Partition } from '../core/firmware/partitionTable';
import { findNvs, readBoardPartitions } from './boardPartitions';
import type { BoardPort } from './boardPort';
import { type FlashOptions, flash } from './espFlasher';
import { type Session, withLoader } from './espSession';
import type { DeviceIdentity } from './identityFiles';
import { recordProvisioned } from './provisionLedger';

export interface ProvisionRequest {
  /** Name of the device, and the certificates folder it comes from, for the ledger. */
  readonly device: string;
  readonly folder: string;
  readonly identity: DeviceIdentity;
  /** Where the firmware looks for them; the NVS template's is `tls`. */
  readonly namespace: string;
  /** Label of the partition; without it the first NVS partition of the table. */
  readonly partition?: string | undefined;
}

export interface ProvisionResult {
  readonly chip: string;
  readonly mac: string | undefined;
  readonly partition: Partition;
  /** Entries that were there before and still are. */
  readonly kept: number;
  readonly warnings: readonly string[];
}

interface Found {
  readonly partition: Partition;
  readonly content: NvsContent;
}

/** `openPort` is called twice: once to read, once to write. The written partition is verified by its MD5. */
export async function provisionBoard(
  openPort: () => Promise<BoardPort>,
  request: ProvisionRequest,
  options: FlashOptions = {},
): Promise<ProvisionResult> {
  const entries = identityEntries(request.identity);
  const { partition, content } = await withLoader(await openPort(), { ...options, leaveInLoader: true }, (session) =>
    readNvs(session, request.partition),
  );
  if (content.looksEncrypted)
    throw new UserError(
      'nvs-encrypted',
      `The NVS partition "${partition.label}" of this board is encrypted. Build its image with "secure-iot nvs build --keys" and flash that.`,
    );
  const rows = setNvsEntries(content.rows, request.namespace, entries);
  const image = buildNvsImage(rows, partition.size);
  const file = { offset: partition.offset, bytes: image, name: `partition "${partition.label}"` };
  const { info, remarks } = await flash(await openPort(), planFlash([file]), options);
  const kept = rows.filter((row) => row.kind === 'entry').length - entries.size;
  const clear = info.security.flashEncryption
    ? []
    : [
        'The private key lies readable in the flash of this board: whoever holds the board can copy it. For production switch on flash encryption and NVS encryption.',
      ];
  const entry = { mac: info.mac ?? '', device: request.device, chip: info.description };
  const twin = await recordProvisioned(request.folder, { time: new Date().toISOString(), ...entry }).catch(
    (error: unknown) => {
      if (error instanceof UserError) return `The board has its identity, but not in the ledger: ${error.message}`;
      throw error;
    },
  );
  return {
    chip: info.description,
    mac: info.mac,
    partition,
    kept,
    warnings: [...(twin ? [twin] : []), ...request.identity.warnings, ...content.problems, ...remarks, ...clear],
  };
}

function identityEntries({ ca, device, deviceKey }: DeviceIdentity): ReadonlyMap<string, NvsValue> {
  if (device === undefined || deviceKey === undefined)
    throw new UserError('certificate-missing', 'The device has no certificate and key yet. Make them first.');
  const text = (pem: string): NvsValue => ({ kind: 'string', bytes: new TextEncoder().encode(pem) });
  return new Map([
    ['root_ca', text(ca)],
    ['device_cert', text(device)],
    ['device_key', text(deviceKey)],
  ]);
}

async function readNvs(session: Session, label: string | undefined): Promise<Found> {
  const partition = findNvs(await readBoardPartitions(session), label);
  session.stop.throwIfAborted();
  return { partition, content: readNvsImage(await session.loader.readFlash(partition.offset, partition.size)) };
}
