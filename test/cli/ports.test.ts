// The ports as Linux's udevadm lists them; no USB device is here, so its answer is played back.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';

const options = { skip: process.platform !== 'linux' && 'Linux only' };

/** `udevadm info -e` of a PC with an ESP32-S3 on its native USB, a CP2102 board and an empty 16550. */
const DEVICES = `P: /devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/tty/ttyACM0
N: ttyACM0
S: serial/by-id/usb-Espressif_USB_JTAG_serial_debug_unit_24:6F:28:C0:1D:DB-if00
E: DEVNAME=/dev/ttyACM0
E: ID_VENDOR_ID=303a
E: ID_MODEL_ID=1001
E: ID_SERIAL_SHORT=24:6F:28:C0:1D:DB
E: ID_VENDOR=Espressif

P: /devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/ttyUSB0/tty/ttyUSB0
N: ttyUSB0
E: DEVNAME=/dev/ttyUSB0
E: ID_VENDOR_ID=10c4
E: ID_MODEL_ID=ea60
E: ID_SERIAL_SHORT=0001
E: ID_VENDOR=Silicon_Labs

P: /devices/platform/serial8250/tty/ttyS3
N: ttyS3
E: DEVNAME=/dev/ttyS3
`;

async function ports(listing: string, line: string) {
  const bin = temporaryFolder('ports');
  const udevadm = join(bin, 'udevadm');
  writeFileSync(udevadm, `#!/bin/sh\ncat <<'END'\n${listing}END\n`);
  chmodSync(udevadm, 0o755);
  return runCli(bin, line, { PATH: `${bin}${delimiter}${process.env['PATH']}` });
}

test('ports tells boards by their chip, and leaves out slots that no board can be in', options, async () => {
  const { code, out } = await ports(DEVICES, 'ports');
  assert.equal(code, 0);
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')),
    [
      ['/dev/ttyACM0', 'ESP32 USB Serial/JTAG', '24:6F:28:C0:1D:DB'],
      ['/dev/ttyUSB0', 'CP210x USB bridge', '0001'],
    ],
  );
});

test('ports --json gives addresses, ids as numbers, and names', options, async () => {
  const [native, bridge, ...more] = JSON.parse((await ports(DEVICES, 'ports --json')).out);
  assert.deepEqual(more, []);
  assert.deepEqual([native.usbVendorId, native.usbProductId, native.address], [0x303a, 0x1001, '/dev/ttyACM0']);
  assert.deepEqual([bridge.usbVendorId, bridge.usbProductId, bridge.serialNumber], [0x10c4, 0xea60, '0001']);
});

test('ports says what to do where there is none', options, async () => {
  const { code, out, err } = await ports('', 'ports');
  assert.deepEqual([code, out, err], [0, '', 'No serial port found. Plug a board in.\n']);
});
