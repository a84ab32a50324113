import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SerialPort } from 'serialport';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { listPorts } from '../../../src/io/serial/portList';

const port = { pnpId: undefined, locationId: undefined, manufacturer: 'Silicon Labs', serialNumber: '0001' };

test("a board of macOS is called by the name that its tools and people use, and found by the library's too", async (t) => {
  const listed = [
    { ...port, path: '/dev/tty.usbserial-0001', vendorId: '10c4', productId: 'ea60' },
    { ...port, path: '/dev/tty.Bluetooth-Incoming-Port', vendorId: undefined, productId: undefined },
  ];
  t.mock.method(SerialPort, 'list', async () => listed);
  assert.deepEqual(
    (await listPorts()).map(({ address }) => address),
    ['/dev/cu.Bluetooth-Incoming-Port', '/dev/cu.usbserial-0001'],
  );
  for (const name of ['/dev/cu.usbserial-0001', '/dev/tty.usbserial-0001']) {
    const { info } = await openBoardPort(name);
    assert.equal(info.usbVendorId, 0x10c4);
    assert.equal(info.address, name);
  }
});

test('ports of Windows are in the order of their numbers, and an empty slot of a PC is none', async (t) => {
  const paths = ['COM10', 'COM3', '/dev/ttyS0'];
  t.mock.method(SerialPort, 'list', async () =>
    paths.map((path) => ({ ...port, path, vendorId: undefined, productId: undefined })),
  );
  assert.deepEqual(
    (await listPorts()).map(({ address }) => address),
    ['COM3', 'COM10'],
  );
});
