import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RedactedLog } from '../../../src/core/monitor/redactedLog';

const logged = (text: string, step: number) => {
  const log = new RedactedLog();
  const bytes = Buffer.from(text);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(log.push(bytes.subarray(at, at + step)));
  return Buffer.concat([...out, log.end()]).toString();
};

for (const step of [1, 7, 10_000])
  it(`takes keys and passwords out and leaves the rest as it is, ${step} bytes at a time`, () => {
    const text = [
      'I (1) wifi: connecting to "home"\r\n',
      'wifi_password=hunter2 next\r\n',
      '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFakeFakeFake\nAwEHoUQDQgAE\n-----END EC PRIVATE KEY-----\n',
      'done, no newline',
    ].join('');
    const out = logged(text, step);
    assert.match(out, /^I \(1\) wifi: connecting to "home"\r\n/);
    assert.match(out, /wifi_password=<redacted> next\r\n/);
    assert.doesNotMatch(out, /hunter2|FakeFake|AwEHo/);
    assert.match(out, /<private key redacted>\n/);
    assert.match(out, /done, no newline$/);
  });
