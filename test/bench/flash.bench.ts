// Flashing 1 MB: ours against Python's esptool, on the same virtual board at the same line rate, and against the line.
// Over a raw socket, where both speak the same bytes and no RFC 2217 client is in the way (pyserial's needs 0.2 s for
// each command), with the whole process measured, from start to end.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../support/runTool';
import { findTool } from '../support/tools';
import { buildDemoImage } from '../virtualBoard/demoImage';
import { VirtualBoard } from '../virtualBoard/virtualBoard';
import { paired, report } from './support/ratio';

const LINE_RATE = 921_600;
const ROUNDS = 3;
const OFFSET = 0x10000;

interface Run {
  readonly milliseconds: number;
  readonly output: string;
}

async function flashOnce(image: Uint8Array, args: (address: string) => readonly string[]): Promise<Run> {
  const board = await VirtualBoard.start({ port: 0, protocol: 'socket', bootButton: true, pacing: LINE_RATE });
  try {
    const began = performance.now();
    const [program = '', ...rest] = args(board.address);
    const { code, output } = await runTool(program, rest, { deadlineMs: 120_000 });
    const milliseconds = performance.now() - began;
    assert.equal(code, 0, output);
    assert.deepEqual(board.flash.read(OFFSET, image.length), image);
    return { milliseconds, output };
  } finally {
    await board.close();
  }
}

async function main(): Promise<void> {
  const esptool = findTool('esptool');
  if (!esptool) throw new Error('esptool is not installed: run "node scripts/prepareMachine.mjs"');
  const folder = await mkdtemp(join(tmpdir(), 'secure-iot-flash-bench-'));
  try {
    const image = buildDemoImage(
      { host: 'x', port: 1, deviceId: 'x', ca: null, cert: null, key: null, insecure: true, platform: 'esp-idf' },
      { codeBytes: 1024 * 1024 - 8192 },
    );
    const file = join(folder, 'app.bin');
    await writeFile(file, image);
    const ours = () =>
      flashOnce(image, (address) => [
        process.execPath,
        'dist/cli.js',
        'flash',
        '--json',
        '--port',
        address,
        '0x10000',
        file,
      ]);
    const theirs = () =>
      flashOnce(image, (address) => [
        esptool,
        '--port',
        address,
        '--after',
        'no-reset',
        'write-flash',
        '0x10000',
        file,
      ]);
    const milliseconds = async (run: Promise<Run>) => (await run).milliseconds;
    report(
      `flashing 1 MB at ${LINE_RATE} baud, time of secure-iot to time of Python's esptool`,
      await paired(
        ROUNDS,
        () => milliseconds(ours()),
        () => milliseconds(theirs()),
      ),
      'at most 1.05',
    );
    const busy: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const result: { wireBytes: number; milliseconds: number } = JSON.parse(
        (await ours()).output.split('\n').find((line) => line.startsWith('{')) ?? '',
      );
      busy.push((result.wireBytes * 10_000) / LINE_RATE / result.milliseconds);
    }
    busy.sort((x, y) => x - y);
    report(
      'the line carries the image, part of the time for writing and verifying',
      { median: busy[ROUNDS >> 1] ?? Number.NaN, min: busy[0] ?? Number.NaN, max: busy.at(-1) ?? Number.NaN },
      'at least 0.95',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
