// This machine's serial devices: the full list, and their names alone, which cost nothing.
import { readdir } from 'node:fs/promises';
import type { PortSource } from './boardFollower';

/** Names in /dev of what can carry a board: USB on Linux (also by its gadget driver), callout devices on macOS. */
const SERIAL_DEVICE = /^(tty(USB|ACM)\d+|cu\..+)$/;

export function isSerialDevice(name: string): boolean {
  return SERIAL_DEVICE.test(name);
}

export const systemPorts: PortSource = {
  async names() {
    if (process.platform === 'win32') return undefined;
    const names = await readdir('/dev').catch(() => undefined);
    return names && new Set(names.filter(isSerialDevice));
  },
  async list() {
    const { listPorts } = await import('./portList');
    return listPorts();
  },
};
