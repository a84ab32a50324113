import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brokerLogLines, summarizeBrokerLog } from '../../../src/io/broker/brokerLog';
import { temporaryFolder } from '../../support/temporaryFolder';

const file = (name: string) => join(temporaryFolder('broker-log'), name);
const UNKNOWN_CA = '1: OpenSSL Error[0]: error:0A000418:SSL routines::tlsv1 alert unknown ca';
const never = new AbortController().signal;

async function linesOf(path: string) {
  const lines: (readonly [number, number])[] = [];
  for await (const { number, text } of brokerLogLines(path)) lines.push([number, text.length]);
  return lines;
}

describe('the lines of a broker log', () => {
  it('are numbered through empty ones, any line ending, and one without an end', async () => {
    const path = file('a.log');
    await writeFile(path, 'a\n\nccc\r\ndd');
    assert.deepEqual(await linesOf(path), [
      [1, 1],
      [2, 0],
      [3, 3],
      [4, 2],
    ]);
  });

  it('come in pieces where they never end, and memory stays bounded', async () => {
    const path = file('endless.log');
    const handle = await open(path, 'w');
    const piece = Buffer.alloc(1 << 20, 'x');
    for (let n = 0; n < 200; n++) await handle.write(piece);
    await handle.write(`\n${UNKNOWN_CA}\n`);
    await handle.close();
    const before = process.memoryUsage.rss();
    let most = 0;
    let longest = 0;
    let last = 0;
    for await (const { number, text } of brokerLogLines(path)) {
      longest = Math.max(longest, text.length);
      most = Math.max(most, process.memoryUsage.rss() - before);
      last = number;
    }
    assert.deepEqual([longest, last], [65_536, 2]);
    assert.ok(most < 100 << 20, `${most >> 20} MB more for a line of 200 MB`);
    assert.match((await summarizeBrokerLog(path, never)).markdown('endless.log'), /First in line 2, last in line 2/);
  });

  it('end where they are not wanted any more', async () => {
    const path = file('a.log');
    await writeFile(path, 'a\nb\n');
    await assert.rejects(summarizeBrokerLog(path, AbortSignal.abort(new Error('stopped'))), /stopped/);
  });

  it('are refused with a reason where there is no file, or a folder', async () => {
    for (const path of [file('missing.log'), temporaryFolder('broker-log')])
      await assert.rejects(summarizeBrokerLog(path, never), { name: 'UserError' });
  });
});
