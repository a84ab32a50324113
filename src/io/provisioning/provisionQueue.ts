// Many boards in turn: each that is plugged in becomes the next device of a list. It can be stopped or killed at any
// time; the ledger says where it was, and the same call goes on there.
import { CancelledError, UserError } from '../../core/errors';
import type { FlashOptions } from '../flash/espFlasher';
import { withLoader } from '../flash/espSession';
import { type DeviceIdentity, readDeviceIdentity } from '../pki/identityFiles';
import type { BoardArrivals } from '../serial/boardArrivals';
import type { BoardPort } from '../serial/boardPort';
import { openBoardPort } from '../serial/openPort';
import { type ProvisionRequest, type ProvisionResult, provisionBoard } from './provisionBoard';
import { type Provisioned, readBoards } from './provisionLedger';
import { readStarted, recordStarted } from './provisionStarted';

export interface QueueRequest extends Omit<ProvisionRequest, 'device' | 'identity' | 'reuse' | 'beforeWrite'> {
  /** Names of the devices, in the order in which boards get them. */
  readonly devices: readonly string[];
  /** Names of other devices: a board that is one of them already is left alone too. */
  readonly settled?: readonly string[];
}

export type QueueEvent =
  | { readonly kind: 'waiting'; readonly next: string; readonly left: number }
  | { readonly kind: 'working'; readonly address: string; readonly device: string }
  | { readonly kind: 'done'; readonly address: string; readonly device: string; readonly result: ProvisionResult }
  /** The board is one of the devices already; it was left alone. */
  | { readonly kind: 'known'; readonly address: string; readonly mac: string; readonly device: string }
  | {
      readonly kind: 'failed';
      readonly address: string;
      readonly device: string | undefined;
      readonly error: UserError;
    };

export interface QueueOptions extends FlashOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: QueueEvent) => void;
  /** Takes a port for the time of one board; the function that comes back returns it. */
  readonly take?: (address: string) => Promise<() => Promise<void>>;
}

export interface QueueResult {
  /** Devices that boards became in this run. */
  readonly done: readonly string[];
  /** Devices without a board. */
  readonly left: readonly string[];
  /** Boards that were interrupted, MAC -> device: only that board gets the device. */
  readonly interrupted: ReadonlyMap<string, string>;
}

/** While no board comes: another run on the folder may have given the last device away. */
const LOOK_AGAIN_MS = 2000;

/** After these the board may be back in a moment, or get another device: it counts as plugged in anew. */
const ANEW: ReadonlySet<string> = new Set([
  'port-lost',
  'port-stalled',
  'port-missing',
  'board-silent',
  'device-taken',
]);

/** Ends when each device has a board, or with `signal`. Reads every identity first: a bad one stops nothing midway. */
export async function runProvisionQueue(
  arrivals: BoardArrivals,
  request: QueueRequest,
  options: QueueOptions,
): Promise<QueueResult> {
  const { folder, devices, settled = [] } = request;
  const { signal, onEvent, take } = options;
  const identities = await readIdentities(folder, devices);
  const done: string[] = [];
  let told = '';
  for (;;) {
    const state = await queueState(folder, devices);
    const [next] = [...state.free, ...state.interrupted.values()];
    if (next === undefined || signal.aborted) return { done, left: state.left, interrupted: state.interrupted };
    const waiting = `${next} ${state.left.length}`;
    if (waiting !== told) onEvent({ kind: 'waiting', next, left: state.left.length });
    told = waiting;
    const arrived = await arrivals.next(AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]));
    if (!arrived) continue;
    told = '';
    const { address } = arrived;
    let release: (() => Promise<void>) | undefined;
    let device: string | undefined;
    try {
      release = await take?.(address);
      const port = await openBoardPort(address, arrived);
      const mac = await readMac(port, options);
      const known = state.ledger.get(mac)?.device;
      if (known !== undefined && (devices.includes(known) || settled.includes(known))) {
        onEvent({ kind: 'known', address, mac, device: known });
        continue;
      }
      device = state.interrupted.get(mac) ?? state.free[0];
      const identity = device === undefined ? undefined : identities.get(device);
      if (device === undefined || !identity) throw noneLeft(state.interrupted);
      const name = device;
      onEvent({ kind: 'working', address, device: name });
      const beforeWrite = () => recordStarted(folder, mac, name);
      const result = await provisionBoard(port, { ...request, device: name, identity, beforeWrite }, options);
      done.push(name);
      onEvent({ kind: 'done', address, device: name, result });
    } catch (error) {
      if (error instanceof CancelledError) continue; // with `signal`: the loop ends
      if (!(error instanceof UserError)) throw error;
      if (ANEW.has(error.code)) arrivals.forget(address);
      onEvent({ kind: 'failed', address, device, error });
    } finally {
      await release?.();
    }
  }
}

async function readIdentities(folder: string, devices: readonly string[]): Promise<Map<string, DeviceIdentity>> {
  const identities = new Map<string, DeviceIdentity>();
  for (const device of devices) {
    if (identities.has(device))
      throw new UserError('device-twice', `The device "${device}" is in the list twice. Remove one.`);
    identities.set(device, await readDeviceIdentity(folder, device, Date.now()));
  }
  return identities;
}

interface QueueState {
  /** By MAC: what each board is now. */
  readonly ledger: ReadonlyMap<string, Provisioned>;
  readonly left: readonly string[];
  readonly free: readonly string[];
  readonly interrupted: ReadonlyMap<string, string>;
}

async function queueState(folder: string, devices: readonly string[]): Promise<QueueState> {
  const ledger = await readBoards(folder);
  const given = new Set([...ledger.values()].map(({ device }) => device));
  const left = devices.filter((device) => !given.has(device));
  const started = [...(await readStarted(folder))].filter(([, device]) => left.includes(device));
  const interrupted = new Map(started);
  const kept = new Set(interrupted.values());
  return { ledger, left, free: left.filter((device) => !kept.has(device)), interrupted };
}

async function readMac(port: BoardPort, { signal, log }: QueueOptions): Promise<string> {
  const options = { signal, log, leaveInLoader: true };
  const { mac } = await withLoader(port, options, async ({ info }) => info);
  if (mac) return mac;
  throw new UserError('mac-unknown', 'This board has no MAC, by which the list knows it. Provision it by itself.');
}

function noneLeft(interrupted: ReadonlyMap<string, string>): UserError {
  const boards = [...interrupted].map(([mac, device]) => `${mac} ("${device}")`).join(', ');
  return new UserError(
    'board-not-expected',
    `Only boards that were interrupted are left: ${boards}. Plug one of these in.`,
  );
}
