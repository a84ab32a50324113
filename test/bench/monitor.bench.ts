// The serial monitor's path (lines, decoding, screen, log file) against a line at 3 Mbaud; memory stays flat and the
// log file equals the bytes sent. A pass is 256 MB: what 921,600 baud brings in three quarters of an hour.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDecoder } from '../../src/core/decode/decoder';
import { MonitorScreen } from '../../src/core/monitor/monitorScreen';
import { ScreenBudget } from '../../src/core/monitor/screenBudget';
import { LogFile } from '../../src/io/serial/logFile';
import { report } from './support/ratio';

const LINE_BYTES_PER_SECOND = 300_000;
const TOTAL = 256 * 1024 * 1024;
const CHUNK = 4096;
const ROUNDS = 3;

const usual = Array.from({ length: 40 }, (_, i) =>
  i === 17
    ? `E (${1000 + i}) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700`
    : `I (${1000 + i}) sensor: temperature 21.${i} humidity 4${i % 10}.2 heap ${180_000 + i}`,
).join('\r\n');

/** The same kind of bytes again and again, cut without regard to lines. */
function feed(text: string): Buffer {
  const unit = Buffer.from(text);
  return Buffer.concat(Array.from({ length: Math.ceil((CHUNK * 257) / unit.length) }, () => unit)).subarray(
    0,
    CHUNK * 257,
  );
}

async function pass(text: string): Promise<{ bytesPerSecond: number; grownMB: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-bench-'));
  try {
    const file = join(folder, 'board.log');
    const log = await LogFile.open(file, (error) => assert.fail(error.message), { maxBytes: TOTAL * 2, keep: 1 });
    let findings = 0;
    const screen = new MonitorScreen(createDecoder(), {
      onFinding: () => findings++,
      clock: String,
    });
    const budget = new ScreenBudget();
    const source = feed(text);
    const sent = createHash('sha256');
    let shown = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let peak = before;
    const began = performance.now();
    for (let done = 0, at = 0; done < TOTAL; done += CHUNK, at = (at + CHUNK) % source.length) {
      const chunk = source.subarray(at, at + CHUNK);
      sent.update(chunk);
      log.write(chunk);
      shown += budget.take(screen.push(chunk, done / 300), done / 300).length;
      if (done % (CHUNK * 256) === 0) {
        do await new Promise((resolve) => setImmediate(resolve));
        while (log.waiting > 8 * 1024 * 1024); // a line is slower than this loop: it would have waited
        peak = Math.max(peak, process.memoryUsage().rss);
      }
    }
    await log.close();
    const seconds = (performance.now() - began) / 1000;
    const written = createHash('sha256');
    for await (const part of createReadStream(file)) written.update(part as Buffer);
    assert.equal(written.digest('hex'), sent.digest('hex'), 'the log file is not what was sent');
    assert.ok(shown > 0 && findings >= 0);
    return { bytesPerSecond: TOTAL / seconds, grownMB: (peak - before) / 1024 / 1024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  for (const [what, text] of [
    ['a usual log', `${usual}\r\n`],
    ['a flood without newlines', 'x'.repeat(4000)],
  ] as const) {
    const rates: number[] = [];
    let grown = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const { bytesPerSecond, grownMB } = await pass(text);
      rates.push(bytesPerSecond / LINE_BYTES_PER_SECOND);
      grown = Math.max(grown, grownMB);
    }
    rates.sort((a, b) => a - b);
    const median = rates[ROUNDS >> 1] ?? Number.NaN;
    report(`${what}, against a line at 3 Mbaud`, { median, min: rates[0] ?? 0, max: rates.at(-1) ?? 0 }, 'at least 3');
    console.log(`  memory grew by at most ${grown.toFixed(0)} MB in ${TOTAL / 1024 / 1024} MB; the log file was equal`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
