import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serialOpenError } from '../../src/io/serialOpenError';

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

it('names the group that may open the port', { skip: process.platform !== 'linux' && 'Linux only' }, async () => {
  const error = await serialOpenError('/dev/null', new Error('Error: Permission denied, cannot open /dev/null'));
  assert.equal(error.code, 'port-permission');
  assert.match(error.message, /belongs to the group "root"\. Run "sudo usermod -aG root \$USER".*udev rules/);
});
