import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { bugReport } from '../../../src/core/decode/explanationMarkdown';
import { DeviceErrorStore } from '../../../src/host/decoding/deviceErrorStore';

const LINE = 'E (1) esp-tls: mbedtls_ssl_handshake returned -0x2700 password=hunter2';

function finding(line = LINE) {
  const [first] = createDecoder().next(line);
  assert.ok(first);
  return first;
}

test('the same error of the same board is one entry with a count and two times', () => {
  const store = new DeviceErrorStore();
  for (const time of [1000, 6000, 11_000]) store.record('COM3', finding(), LINE, time);
  store.record('COM4', finding(), LINE, 12_000);
  const [other, error, ...more] = store.list();
  assert.equal(other?.board, 'COM4');
  assert.deepEqual([error?.count, error?.firstMs, error?.lastMs], [3, 1000, 11_000]);
  assert.deepEqual(more, []);
});

test('tells its listeners until they are disposed', () => {
  const store = new DeviceErrorStore();
  let calls = 0;
  const subscription = store.onDidChange(() => {
    calls += 1;
  });
  store.record('COM3', finding(), LINE, 1);
  store.clear();
  subscription.dispose();
  store.record('COM3', finding(), LINE, 1);
  assert.equal(calls, 2);
});

test('a bug report holds the facts and no secret', () => {
  const report = bugReport(finding(), LINE, 3);
  assert.match(report, /-0x2700.*MBEDTLS_ERR_X509_CERT_VERIFY_FAILED/);
  assert.match(report, /3 times/);
  assert.doesNotMatch(report, /hunter2/);
});

test('what a crash printed belongs to the latest crash of that board, and goes with the next one', () => {
  const store = new DeviceErrorStore();
  const guru = "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.";
  const crash = { line: 3, addresses: ['0x4200b1a4', '0x4200b1a0'], stack: [0x4200b2b0] };
  store.crashed('COM3', crash); // nothing crashed yet
  store.record('COM3', finding(guru), guru, 1);
  store.record('COM4', finding(guru), guru, 2);
  store.record('COM3', finding(), LINE, 3);
  store.crashed('COM3', crash);
  assert.deepEqual(
    store.list().map(({ board, crash: attached }) => [board, attached !== undefined]),
    [
      ['COM3', false],
      ['COM4', false],
      ['COM3', true],
    ],
  );
});
