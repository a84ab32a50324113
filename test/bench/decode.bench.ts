// Decoding against splitting the same bytes into lines: a quiet log, and one with an error in every fifth line. And what
// endless lines cost.
import { cpuTime } from './support/cpuTime';
import { paired, report } from './support/ratio';
import { serialLog } from './support/serialLog';
import { shippedDecoder } from './support/shippedDecoder';

const { LineSplitter, LogDecoder } = shippedDecoder();

function split(chunks: readonly Uint8Array[]): number {
  const splitter = new LineSplitter();
  let lines = 0;
  for (const chunk of chunks) lines += splitter.push(chunk).length;
  return lines + splitter.end().length;
}

function decode(chunks: readonly Uint8Array[]): number {
  let found = 0;
  const decoder = new LogDecoder({}, { onFinding: () => (found += 1) });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return found;
}

/** What wakes most families, and brings none of them to an end. */
const HOSTILE =
  'errno resolv http ssl tls error mqtt reason fail: boot image esp-tls: assert certificate verify flags ';

function hostile(lineLength: number): readonly Uint8Array[] {
  const line = `${HOSTILE.repeat(Math.ceil(lineLength / HOSTILE.length)).slice(0, lineLength - 1)}\n`;
  return [new TextEncoder().encode(line.repeat(Math.ceil(1_000_000 / lineLength)))];
}

async function main(): Promise<void> {
  for (const [name, errorEvery, aim] of [
    ['quiet log', 0, '0.33 or more'],
    ['log with an error in every fifth line', 5, '0.10 or more'],
  ] as const) {
    const chunks = serialLog(16 * 1024 * 1024, errorEvery);
    // times, so that "ours / peer" is the speed of decoding as a part of the speed of splitting
    const result = await paired(
      9,
      () => cpuTime(() => split(chunks)),
      () => cpuTime(() => decode(chunks)),
    );
    report(`decode, ${name}, as a part of the speed of splitting lines`, result, aim);
  }
  const [short, long] = [hostile(2_000), hostile(65_000)];
  const cost = await paired(
    5,
    () => cpuTime(() => decode(long)),
    () => cpuTime(() => decode(short)),
  );
  report('decode, hostile lines of 65 kB, as times of the cost of the same bytes in lines of 2 kB', cost, '2 or less');
}

void main();
