// Lines that monitors print, and where the problem matchers send them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemMatchers } from '../../src/contributions/tasks';

/** `file:line` by the matcher, as VS Code reads its pattern. */
function place(name: (typeof problemMatchers)[number]['name'], line: string): string | undefined {
  const matcher = problemMatchers.find((one) => one.name === name);
  assert.ok(matcher);
  const match = new RegExp(matcher.pattern.regexp).exec(line);
  return match ? `${match[matcher.pattern.file]}:${match[matcher.pattern.line]}` : undefined;
}

test('a resolved backtrace leads to its source line, whoever resolved it', () => {
  for (const line of [
    '0x4008c983: panic_abort at /p/main/app.c:408',
    '--- 0x4008c983: panic_abort at /p/main/app.c:408 (discriminator 1)',
    '0x400d1fdc:0x3ffb1f50: panic_abort at /p/main/app.c:408',
    '  #0  0x400d1fdc:0x3ffb1f50 in panic_abort(int) at /p/main/app.c:408',
    '  #3  0x400d1fdc in panic_abort at /p/main/app.c:408',
    '[10:00:01]WARNING Decoded 0x400d1fdc: panic_abort at /p/main/app.c:408',
    '4: 0x420000a4: panic_abort at /p/main/app.c:408',
  ])
    assert.equal(place('secure-iot-backtrace', line), '/p/main/app.c:408', line);
  for (const line of [
    '0x400d1fdc: ?? ??:0',
    'Backtrace: 0x400d1fdc:0x3ffb1f50',
    'abort() was called at PC 0x4008c9af on core 1',
  ])
    assert.equal(place('secure-iot-backtrace', line), undefined, line);
});

test('a failed check leads to where it stands', () => {
  for (const line of [
    'file: "./main/app_main.c" line 61',
    'assertion "head != NULL" failed: file "./main/app_main.c", line 61, function: multi_heap_free',
  ])
    assert.equal(place('secure-iot-assert', line), './main/app_main.c:61', line);
  assert.equal(place('secure-iot-assert', 'profile: "a" line 3'), undefined);
});

test('what decode --problems prints leads into the log', () => {
  assert.equal(
    place('secure-iot-decode', 'logs/board.log:2:57: error: -0x2700 MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: It failed.'),
    'logs/board.log:2',
  );
  assert.equal(
    place('secure-iot-decode', 'C:\\logs\\board.log:2:57: error: rc=-2 MQTT_CONNECT_FAILED: x.'),
    'C:\\logs\\board.log:2',
  );
});
