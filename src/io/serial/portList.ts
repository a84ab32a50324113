// The serial ports of this machine that can carry a board, with what USB says about them.
import { readdir } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import type { PortInfo } from './boardPort';

/** The library asks udevadm; where that is missing (containers), the device names themselves tell enough. */
export async function listPorts(): Promise<PortInfo[]> {
  const ports = await SerialPort.list().catch(() => undefined);
  if (!ports) return deviceNames();
  return ports
    .map((port) => ({ ...port, path: calloutName(port.path) }))
    .filter((port) => port.vendorId !== undefined || !/ttyS\d+$/.test(port.path)) // a PC's empty 16550 slots
    .map((port) => ({
      address: port.path,
      ...hexNumber('usbVendorId', port.vendorId),
      ...hexNumber('usbProductId', port.productId),
      ...(port.serialNumber ? { serialNumber: port.serialNumber } : {}),
      ...(port.manufacturer ? { manufacturer: port.manufacturer } : {}),
    }))
    .sort((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true }));
}

/**
 * macOS has two names for each port, and the library lists /dev/tty.…, which is for calls that come in; /dev/cu.… is what
 * Espressif's tools, the Arduino IDE and people call a board's port.
 */
export function calloutName(path: string): string {
  return path.replace(/^\/dev\/tty\./, '/dev/cu.');
}

async function deviceNames(): Promise<PortInfo[]> {
  const names = await readdir('/dev').catch(() => []);
  return names
    .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
    .sort()
    .map((name) => ({ address: `/dev/${name}` }));
}

/** USB ids come as hex strings without 0x. */
function hexNumber<K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  const value = text === undefined ? Number.NaN : Number.parseInt(text, 16);
  return Number.isNaN(value) ? {} : ({ [key]: value } as Partial<Record<K, number>>);
}
