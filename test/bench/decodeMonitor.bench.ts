// Decoding a log against what esp-idf-monitor (PyPI) does with the lines of the same log, in pieces of 64 kB for both, as
// a log file is read.
// Ours: bytes to lines to findings. Theirs: see support/idfMonitorLines.py; it decodes no error.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from '../support/tools';
import { cpuTime } from './support/cpuTime';
import { paired, report } from './support/ratio';
import { serialLog } from './support/serialLog';
import { shippedDecoder } from './support/shippedDecoder';

const { LogDecoder } = shippedDecoder();

/** Long enough that what V8 takes to compile the decoder, as for every program that starts, is a small part. */
const LOG = 16 * 1024 * 1024;
const PIECE = 65_536;
const DRIVER = join(__dirname, 'support/idfMonitorLines.py');

function pieces(log: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(log.length / PIECE) }, (_, i) => log.subarray(i * PIECE, (i + 1) * PIECE));
}

function decode(chunks: readonly Uint8Array[]): void {
  const decoder = new LogDecoder({}, { onFinding: () => {} });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
}

async function main(): Promise<void> {
  const python = findTool('python3');
  if (!python) throw new Error('python3 with esp-idf-monitor is missing: node scripts/prepareMachine.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'decode-bench-'));
  try {
    for (const [name, errorEvery] of [
      ['quiet log', 0],
      ['log with an error in every fifth line', 5],
    ] as const) {
      const log = Buffer.concat(serialLog(LOG, errorEvery));
      const file = join(folder, 'board.log');
      writeFileSync(file, log);
      const chunks = pieces(log);
      const theirs = () =>
        Number(execFileSync(python, [DRIVER, file, String(PIECE)], { encoding: 'utf8', stdio: 'pipe' })) * 1e6;
      const result = await paired(7, theirs, () => cpuTime(() => decode(chunks)));
      report(`decode, ${name}, as times of the speed of esp-idf-monitor's handle_serial_input`, result, '20 or more');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
