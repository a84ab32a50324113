// Flashes a board: checks the plan against the chip, writes compressed, verifies by MD5, resets, gives the port back.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { createInflate, deflate } from 'node:zlib';
import { CancelledError, UserError } from '../core/errors';
import type { ChipInfo } from '../core/firmware/chipInfo';
import { type FlashFile, hex } from '../core/firmware/flashFile';
import { checkPlan, type FlashPlan } from '../core/firmware/flashPlan';
import { type FlashProgress, TimeLeft } from '../core/firmware/flashProgress';
import type { BoardPort } from './boardPort';
import { type Session, type SessionOptions, withLoader } from './espSession';

export interface FlashOptions extends SessionOptions {
  readonly onProgress?: (progress: FlashProgress) => void;
}

export interface FlashResult {
  readonly info: ChipInfo;
  readonly baudRate: number;
  readonly bytes: number;
  /** Bytes on the wire, after compression. */
  readonly wireBytes: number;
  readonly milliseconds: number;
  readonly remarks: readonly string[];
}

/** The user stopped it; `boardState` says in what state that leaves the board. */
export class FlashCancelled extends CancelledError {
  constructor(readonly boardState: string) {
    super();
  }
}

/** A file as it goes over the line: padded to whole words (the flash takes no less) and compressed. */
interface Load {
  readonly file: FlashFile;
  readonly bytes: Uint8Array;
  readonly compressed: Uint8Array;
}

/** How far it came, for the sentence about the board's state. */
interface Stage {
  writing: FlashFile | undefined;
  touched: boolean;
  verified: boolean;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

/**
 * Writes and verifies the plan. Rejects with UserError (its message ends with the state of the board once flash was
 * touched) or FlashCancelled. The port is closed afterwards in every case.
 */
export async function flash(port: BoardPort, plan: FlashPlan, options: FlashOptions = {}): Promise<FlashResult> {
  const stage: Stage = { writing: undefined, touched: false, verified: false };
  const { onProgress = () => {} } = options;
  onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
  try {
    return await withLoader(port, options, (session) => write(session, plan, stage, onProgress, options));
  } catch (error) {
    if (error instanceof CancelledError) throw new FlashCancelled(boardState(stage));
    if (error instanceof UserError && stage.touched)
      throw new UserError(error.code, `${error.message} ${boardState(stage)}`, error.action, { cause: error });
    throw error;
  }
}

async function write(
  { loader, info, baudRate, stop }: Session,
  plan: FlashPlan,
  stage: Stage,
  onProgress: (progress: FlashProgress) => void,
  { log = () => {} }: SessionOptions,
): Promise<FlashResult> {
  const remarks = checkPlan(
    plan,
    {
      chip: info.chip,
      flashBytes: info.flashBytes,
      revision: info.revision,
      secureBoot: info.security.secureBoot,
      flashEncryption: info.security.flashEncryption,
    },
    { sha256, md5 },
  );
  for (const remark of remarks) log(remark);
  const loads = await Promise.all(plan.files.map(prepare));
  const total = sum(loads.map((load) => load.bytes.length));
  const wireBytes = sum(loads.map((load) => load.compressed.length));
  const start = Date.now();
  const left = new TimeLeft(start, wireBytes);
  let done = 0;
  let sent = 0;
  for (const { file, bytes, compressed } of loads) {
    stop.throwIfAborted();
    stage.writing = file;
    stage.touched = true;
    const what = `${file.name} at ${hex(file.offset)}`;
    await loader.flashDeflBegin(bytes.length, compressed.length, file.offset);
    const block = loader.FLASH_WRITE_SIZE;
    const written = unpackedLengths(compressed, block);
    let timeout = loader.DEFAULT_TIMEOUT;
    let inFile = 0;
    for (let seq = 0, at = 0; at < compressed.length; seq++, at += block) {
      stop.throwIfAborted();
      const chunk = compressed.subarray(at, at + block);
      const unpacked = (await written.next()).value ?? bytes.length;
      const needs = loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, unpacked);
      // the stub answers when it has a block and writes it while the next one comes; the ROM writes first
      await loader.flashDeflBlock(chunk, seq, loader.IS_STUB ? timeout : Math.max(timeout, needs));
      timeout = Math.max(loader.DEFAULT_TIMEOUT, needs);
      inFile += unpacked;
      sent += chunk.length;
      const secondsLeft = left.seconds(Date.now(), sent);
      onProgress({ phase: 'writing', done: done + Math.min(inFile, bytes.length), total, secondsLeft, what });
    }
    if (loader.IS_STUB) await loader.flashDeflFinish(false, timeout);
    done += bytes.length;
    onProgress({ phase: 'verifying', done, total, secondsLeft: left.seconds(Date.now(), sent), what });
    await verify(loader, file, bytes);
    log(`${what}: ${bytes.length} bytes (${compressed.length} compressed) written and verified.`);
  }
  stage.verified = true;
  return { info, baudRate, bytes: total, wireBytes, milliseconds: Date.now() - start, remarks };
}

async function prepare(file: FlashFile): Promise<Load> {
  const bytes = new Uint8Array(Math.ceil(file.bytes.length / 4) * 4).fill(0xff);
  bytes.set(file.bytes);
  return { file, bytes, compressed: await promisify(deflate)(bytes, { level: 9 }) };
}

/** How many bytes each block of a compressed stream unpacks to: what the chip will have to write for it. */
async function* unpackedLengths(compressed: Uint8Array, block: number): AsyncGenerator<number, undefined> {
  const inflate = createInflate();
  let count = 0;
  inflate.on('data', (piece: Uint8Array) => {
    count += piece.length;
  });
  for (let at = 0; at < compressed.length; at += block) {
    const before = count;
    await new Promise<void>((resolve) => inflate.write(compressed.subarray(at, at + block), () => resolve()));
    yield count - before;
  }
  return undefined;
}

async function verify(loader: Session['loader'], file: FlashFile, bytes: Uint8Array): Promise<void> {
  const wanted = createHash('md5').update(bytes).digest('hex');
  const found = await loader.flashMd5sum(file.offset, bytes.length);
  if (found.toLowerCase() !== wanted)
    throw new UserError(
      'verify-failed',
      `${file.name} at ${hex(file.offset)} reads back differently (MD5 ${found}, expected ${wanted}). Flash again at a lower baud rate; if it stays so, the flash chip is worn or badly powered.`,
    );
}

function boardState({ writing, touched, verified }: Stage): string {
  if (!touched || !writing) return 'Nothing was written: the board is as it was.';
  if (verified) return 'Everything was written and verified; the board only has to be reset.';
  return `${writing.name} at ${hex(writing.offset)} is only partly written: the board may not start until you flash it again.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
