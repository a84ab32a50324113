import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isNetworkAddress, parseBoardAddress } from '../../../src/core/boards/boardAddress';
import { usbName } from '../../../src/core/boards/usbNames';

it('takes serial ports, sockets and RFC 2217, IPv6 and the query that Espressif prints included', () => {
  assert.deepEqual(parseBoardAddress(' /dev/ttyUSB0 '), { kind: 'serial', path: '/dev/ttyUSB0' });
  assert.deepEqual(parseBoardAddress('COM3'), { kind: 'serial', path: 'COM3' });
  assert.deepEqual(parseBoardAddress('socket://10.0.0.5:7777'), { kind: 'socket', host: '10.0.0.5', port: 7777 });
  assert.deepEqual(parseBoardAddress('rfc2217://bench.local:4000?ign_set_control'), {
    kind: 'rfc2217',
    host: 'bench.local',
    port: 4000,
  });
  assert.deepEqual(parseBoardAddress('RFC2217://[::1]:4000'), { kind: 'rfc2217', host: '::1', port: 4000 });
});

for (const [text, says] of [
  ['', /empty/],
  ['rfc2217://host', /lacks a host and a port/],
  ['rfc2217://:4000', /lacks a host/],
  ['socket://host:70000', /1 to 65535/],
  ['socket://host:0', /1 to 65535/],
  ['telnet://host:23', /"telnet:\/\/" is not a kind/],
  ['socket://user@host:23', /lacks a host/],
] as const)
  it(`refuses "${text}" and shows the three shapes`, () => {
    assert.throws(
      () => parseBoardAddress(text),
      (error: Error) => says.test(error.message) && /rfc2217:\/\/host:port/.test(error.message),
    );
  });

it('tells network addresses from serial ports', () => {
  assert.ok(isNetworkAddress('rfc2217://h:1'));
  assert.ok(!isNetworkAddress('/dev/ttyACM0'));
});

it('names USB bridges and chips', () => {
  assert.equal(usbName(0x10c4, 0xea60), 'CP210x USB bridge');
  assert.equal(usbName(0x303a, 0x1001), 'ESP32 USB Serial/JTAG');
  assert.equal(usbName(0x303a, 0x4444), 'ESP board (native USB)');
  assert.equal(usbName(1, 2), undefined);
});
