import assert from 'node:assert/strict';
import { it } from 'node:test';
import { permissionAdvice, serialOpenError } from '../../../src/io/serial/serialOpenError';

for (const [words, code, says] of [
  ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'port-missing', /Plug the board in/],
  ['Opening COM3: File not found', 'port-missing', /Plug the board in/],
  ['Opening COM3: Access denied', 'port-busy', /in use by .*Close it there/],
  ['Error Resource temporarily unavailable Cannot lock port', 'port-busy', /in use by/],
  ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'port-busy', /in use by/],
  ['Error: Inappropriate ioctl for device, cannot open x', 'port-invalid', /not a serial port/],
  ['Error baud rate of 12345678 is not supported on your platform', 'baud-refused', /lower/],
  ['Error: Is a directory, cannot open /tmp', 'port-invalid', /not a serial port/],
  ['Error: Input/output error, cannot open x', 'port-failed', /Input\/output error.*plug it in again/],
] as const)
  it(`reads "${words}" as ${code}`, async () => {
    const error = await serialOpenError('/dev/nothing-here', new Error(words));
    assert.equal(error.code, code);
    assert.match(error.message, says);
  });

const GROUPS = 'root:x:0:\ndialout:x:20:ana\nuucp:x:986:\n';

for (const [gid, group] of [
  [20, 'dialout'],
  [986, 'uucp'],
] as const)
  it(`says how to get into the group ${group}, which may open the port`, () => {
    const text = permissionAdvice('/dev/ttyUSB0', gid, 0o660, GROUPS);
    assert.match(text, new RegExp(`belongs to the group "${group}"\\. Run "sudo usermod -aG ${group} \\$USER"`));
    assert.match(text, /log out and in again; or install udev rules/);
  });

it('sends nobody into the group root: where only root may open the port, a udev rule is the way', () => {
  for (const [gid, mode] of [
    [0, 0o660],
    [20, 0o600],
    [4242, 0o660],
  ] as const) {
    const text = permissionAdvice('/dev/ttyUSB0', gid, mode, GROUPS);
    assert.match(text, /only root may\. Install udev rules.*plug the board in again/);
    assert.doesNotMatch(text, /usermod/);
  }
});

it('looks at the device itself', { skip: process.platform !== 'linux' && 'Linux only' }, async () => {
  const error = await serialOpenError('/dev/null', new Error('Error: Permission denied, cannot open /dev/null'));
  assert.equal(error.code, 'port-permission');
  assert.match(error.message, /no permission to open \/dev\/null: only root may/);
});
