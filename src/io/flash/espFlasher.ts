// Flashes a board: checks the plan against the chip, writes compressed, verifies by MD5, resets, gives the port back.
import { CancelledError, FlashCancelled, FlashInterrupted, UserError } from '../../core/errors';
import type { ChipInfo } from '../../core/firmware/chipInfo';
import { type FlashFile, hex } from '../../core/firmware/flashFile';
import type { FlashPlan } from '../../core/firmware/flashPlan';
import { type FlashProgress, TimeLeft } from '../../core/firmware/flashProgress';
import type { BoardPort } from '../serial/boardPort';
import { type Session, type SessionOptions, withLoader } from './espSession';
import { checkOnBoard } from './flashOnBoard';
import { changedParts, prepareLoad, writeLoad } from './flashWriter';

export interface FlashOptions extends SessionOptions {
  /** Leaves alone the sectors that hold already what they should, compared by MD5. */
  readonly onlyChanged?: boolean;
  readonly onProgress?: (progress: FlashProgress) => void;
}

export interface FlashResult {
  readonly info: ChipInfo;
  readonly baudRate: number;
  readonly bytes: number;
  /** Bytes on the wire, after compression. */
  readonly wireBytes: number;
  readonly milliseconds: number;
  /** False in Secure Download Mode, where the chip does not let its flash be compared. */
  readonly verified: boolean;
  readonly remarks: readonly string[];
}

/** How far it came, for the sentence about the board's state. */
interface Stage {
  writing: FlashFile | undefined;
  /** Every byte of `writing` was sent and answered. */
  sent: boolean;
  verified: boolean;
}

const UNVERIFIED =
  'This chip is in Secure Download Mode and does not let its flash be read, so what was written could not be verified.';

/**
 * Writes and verifies the plan. Rejects with UserError (its message ends with the state of the board once flash was
 * touched) or FlashCancelled. The port is closed afterwards in every case.
 */
export async function flash(port: BoardPort, plan: FlashPlan, options: FlashOptions = {}): Promise<FlashResult> {
  const stage: Stage = { writing: undefined, sent: false, verified: false };
  const { onProgress = () => {} } = options;
  onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
  try {
    return await withLoader(port, options, (session) => write(session, plan, stage, onProgress, options));
  } catch (error) {
    if (error instanceof CancelledError) throw new FlashCancelled(boardState(stage), stage.writing !== undefined);
    if (error instanceof UserError && stage.writing) throw new FlashInterrupted(error, boardState(stage));
    throw error;
  }
}

async function write(
  session: Session,
  plan: FlashPlan,
  stage: Stage,
  onProgress: (progress: FlashProgress) => void,
  { log = () => {}, onlyChanged = false }: FlashOptions,
): Promise<FlashResult> {
  const { info, baudRate, stop } = session;
  const remarks = await checkOnBoard(session, plan);
  const verified = !info.security.secureDownload;
  if (!verified) remarks.push(UNVERIFIED);
  for (const remark of remarks) log(remark);
  const files =
    onlyChanged && verified ? (await mapInTurn(plan.files, (file) => changedParts(session, file))).flat() : plan.files;
  const loads = await Promise.all(files.map(prepareLoad));
  const total = sum(loads.map((load) => load.bytes.length));
  const wireBytes = sum(loads.map((load) => load.compressed.length));
  const start = Date.now();
  const left = new TimeLeft(start, wireBytes);
  let done = 0;
  let sent = 0;
  for (const load of loads) {
    stop.throwIfAborted();
    const { file } = load;
    stage.writing = file;
    stage.sent = false;
    const what = `${file.name} at ${hex(file.offset)}`;
    const tell = (phase: FlashProgress['phase']) =>
      onProgress({ phase, done, total, secondsLeft: left.seconds(Date.now(), sent), what });
    await writeLoad(session, load, {
      onBlock: (unpacked, wire) => {
        done += unpacked;
        sent += wire;
        tell('writing');
      },
      onVerify: () => {
        stage.sent = true;
        tell('verifying');
      },
    });
    log(
      `${what}: ${load.bytes.length} bytes (${load.compressed.length} compressed) written${verified ? ' and verified' : ''}.`,
    );
  }
  stage.verified = verified;
  return { info, baudRate, bytes: total, wireBytes, milliseconds: Date.now() - start, verified, remarks };
}

async function mapInTurn<T, U>(items: readonly T[], map: (item: T) => Promise<U>): Promise<U[]> {
  const out: U[] = [];
  for (const item of items) out.push(await map(item));
  return out;
}

function boardState({ writing, sent, verified }: Stage): string {
  if (!writing) return 'Nothing was written: the board is as it was.';
  if (verified) return 'Everything was written and verified; the board only has to be reset.';
  const what = `${writing.name} at ${hex(writing.offset)}`;
  return sent
    ? `${what} was written but not verified: flash again to be sure of it.`
    : `${what} is only partly written: the board may not start until you flash it again.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
