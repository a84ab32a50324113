// Gives a board its identity: CA, device certificate and private key go into one of its partitions; the rest stays.
import { CancelledError, FlashCancelled, FlashInterrupted, UserError } from '../../core/errors';
import { planFlash } from '../../core/firmware/flashPlan';
import { keyAtRestAdvice } from '../../core/firmware/keyAtRest';
import type { Partition } from '../../core/firmware/partitionTable';
import { readBoardPartitions } from '../flash/boardPartitions';
import { type FlashOptions, flash } from '../flash/espFlasher';
import { type Session, withLoader } from '../flash/espSession';
import { announceWrite, backUp, interruptedBackup, type SavedFlash } from '../flash/flashBackup';
import type { DeviceIdentity } from '../pki/identityFiles';
import type { BoardPort } from '../serial/boardPort';
import { checkIdentityFit } from './identityFit';
import { findIdentityPartition, type IdentityWrite, type ProvisionTarget } from './identityWrite';
import { findTwin, recordProvisioned } from './provisionLedger';
import { writeIdentityToLittlefs } from './provisionLittlefs';
import { readBoardNvs, writeIdentityToNvs } from './provisionNvs';
import { writeIdentityToSecureCert } from './provisionSecureCert';

export interface ProvisionRequest {
  /** Name of the device, and the certificates folder it comes from, for the ledger. */
  readonly device: string;
  readonly folder: string;
  readonly identity: DeviceIdentity;
  /** Where in NVS the firmware looks for them; the NVS template's is `tls`. */
  readonly namespace: string;
  /** Without it esp_secure_cert where the board has it, else NVS. */
  readonly target?: ProvisionTarget | undefined;
  /** Label of the partition; without it the first one of its kind. */
  readonly partition?: string | undefined;
  /** Keys of an encrypted NVS, 64 bytes, where the board itself does not hold them. */
  readonly nvsKeys?: Uint8Array | undefined;
  /** Also when another board has this identity already. */
  readonly reuse?: boolean | undefined;
  /** Called when everything is checked, before the first byte is written. */
  readonly beforeWrite?: () => Promise<void>;
}

export interface ProvisionResult {
  readonly chip: string;
  readonly mac: string | undefined;
  readonly partition: Partition;
  readonly encrypted: boolean;
  /** Entries that were there before and still are. */
  readonly kept: number;
  /** File with what the partition held before. */
  readonly backup: string | undefined;
  readonly warnings: readonly string[];
}

interface Plan {
  readonly mac: string | undefined;
  readonly write: IdentityWrite;
  readonly restored: boolean;
}

/**
 * Opens the port once to read and once for each step of the write; every step is verified by its MD5. Where it stops
 * midway, the error says what the board has now.
 */
export async function provisionBoard(
  port: BoardPort,
  request: ProvisionRequest,
  options: FlashOptions = {},
): Promise<ProvisionResult> {
  const { folder, device, identity } = request;
  const fit = await checkIdentityFit(folder, device, identity);
  const plan = await withLoader(port, { ...options, leaveInLoader: true }, (session) => planWrite(session, request));
  const { write } = plan;
  const saved = await save(folder, plan);
  await request.beforeWrite?.().catch(async (error: unknown) => {
    await saved.untouched();
    throw error;
  });
  const { info, remarks } = await flashSteps(port, write, saved, options);
  const backup = await saved.done();
  const entry = { mac: info.mac ?? '', device, chip: info.description };
  const unrecorded = await recordProvisioned(folder, { time: new Date().toISOString(), ...entry }).then(
    () => [],
    (error: unknown) => {
      if (error instanceof UserError) return [`The board has its identity, but not in the ledger: ${error.message}`];
      throw error;
    },
  );
  const restored = plan.restored
    ? ['An earlier write to this board was interrupted; what the partition held before it was put back.']
    : [];
  const advice = info.security.flashEncryption ? [] : [keyAtRestAdvice(info.chip.target, write.storage)];
  return {
    chip: info.description,
    mac: info.mac,
    partition: write.partition,
    encrypted: write.storage === 'nvs-encrypted',
    kept: write.kept,
    backup,
    warnings: [...unrecorded, ...fit, ...identity.warnings, ...restored, ...write.notes, ...remarks, ...advice],
  };
}

async function planWrite(session: Session, request: ProvisionRequest): Promise<Plan> {
  const { folder, device, identity, namespace, nvsKeys } = request;
  const { mac } = session.info;
  const twin = request.reuse ? undefined : await findTwin(folder, { mac: mac ?? '', device });
  if (twin)
    throw new UserError(
      'device-used',
      `The board with MAC ${twin.mac} has the identity "${device}" already, since ${twin.time.slice(0, 10)}. A broker takes two clients with one name for one, and only both can be revoked: give this board another device, unless it replaces that one.`,
    );
  const partitions = await readBoardPartitions(session);
  const { target, partition } = findIdentityPartition(partitions, request.target, request.partition);
  const interrupted = await interruptedBackup(folder, { mac, label: partition.label });
  const before = interrupted?.length === partition.size ? new Uint8Array(interrupted) : undefined;
  const restored = before !== undefined;
  session.stop.throwIfAborted();
  if (target === 'nvs') {
    const nvs = await readBoardNvs(session, partitions, partition, nvsKeys, before);
    return { mac, restored, write: writeIdentityToNvs(nvs, partition, namespace, identity) };
  }
  const bytes = before ?? (await session.loader.readFlash(partition.offset, partition.size));
  const write = target === 'secure-cert' ? writeIdentityToSecureCert : writeIdentityToLittlefs;
  return { mac, restored, write: write(bytes, partition, identity) };
}

/** The copy of what is there now, made before anything is written. */
async function save(folder: string, { mac, write, restored }: Plan): Promise<SavedFlash> {
  const of = { mac, label: write.partition.label };
  const kept = async (file?: string): Promise<SavedFlash> => ({
    file,
    done: async () => file,
    untouched: async () => {},
  });
  if (!write.before) return kept();
  if (write.safe) return kept(await backUp(folder, of, write.before, new Date()));
  const announced = await announceWrite(folder, of, write.before, new Date());
  // a board that an earlier write left broken still needs what was announced then
  return restored ? { ...announced, untouched: async () => {} } : announced;
}

async function flashSteps(port: BoardPort, write: IdentityWrite, saved: SavedFlash, options: FlashOptions) {
  let result: Awaited<ReturnType<typeof flash>> | undefined;
  const remarks: string[] = [];
  for (const [index, files] of write.steps.entries()) {
    const leaveInLoader = options.leaveInLoader || index < write.steps.length - 1;
    try {
      result = await flash(port, planFlash(files), { ...options, leaveInLoader });
      remarks.push(...result.remarks);
    } catch (error) {
      const touched = error instanceof FlashInterrupted || (error instanceof FlashCancelled && error.touched);
      if (!touched && index <= write.decisive) await saved.untouched();
      throw withState(error, stateAfter(write, index, touched, saved.file), touched);
    }
  }
  if (!result) throw new Error('nothing to write');
  return { info: result.info, remarks };
}

/** The flasher speaks of firmware; here it is about the identity that the board has now. */
function withState(error: unknown, state: string, touched: boolean): unknown {
  if (error instanceof CancelledError) return new FlashCancelled(state, touched);
  if (error instanceof FlashInterrupted) return new FlashInterrupted(error.reason, state);
  return error instanceof UserError ? new FlashInterrupted(error, state) : error;
}

function stateAfter(
  { safe, partition, before, decisive }: IdentityWrite,
  step: number,
  touched: boolean,
  backup: string | undefined,
): string {
  if (step < decisive || (step === decisive && !touched)) return 'Nothing was written: the board is as it was.';
  if (step > decisive) return 'The new identity is written, the old one beside it is not erased yet. Do it again.';
  if (!safe)
    return `The partition "${partition.label}" is only partly written. What it held is in ${backup}; do it again and that is put back.`;
  if (before === undefined) return 'The board has no identity yet. Do it again.';
  return 'The board has what it had before: the new identity counts once it is written whole. Do it again.';
}
