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

it('goes on after a key whose end never came: at the next boot, or where no key is as long', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIFakeFakeFake\n'.repeat(20)}`;
  const boot = logged(`${key}ets Jun  8 2016 00:22:57\nI (30) boot: hello\n`, 10_000);
  assert.match(boot, /^<private key redacted>\nets Jun {2}8 2016 00:22:57\nI \(30\) boot: hello\n$/);
  const long = logged(`${key}${'I (1) app: alive\n'.repeat(200)}`, 10_000);
  assert.doesNotMatch(long, /FakeFake/);
  assert.equal(long.match(/alive/g)?.length, 100);
});

it('reads noise that begins as UTF-16 does as what it is, and finds the secret behind it', () => {
  const log = new RedactedLog();
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('\r\npassword=hunter2 kept\r\n')]);
  const out = Buffer.concat([log.push(bytes), log.end()]).toString();
  assert.equal(out, '\ufffd\ufffd\r\npassword=<redacted> kept\r\n');
});
