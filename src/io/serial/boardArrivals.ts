// Boards as they are plugged in, one after the other: serial ports of this machine, or addresses that begin to answer.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseBoardAddress } from '../../core/boards/boardAddress';
import type { PortInfo } from './boardPort';

export interface ArrivalOptions {
  readonly addresses: readonly string[];
  /** Also every serial port with a USB chip. */
  readonly usb?: boolean;
  readonly pollMs?: number;
}

export interface BoardArrivals {
  /** The next board, also one that is there already. Undefined once `signal` is aborted. */
  next(signal: AbortSignal): Promise<PortInfo | undefined>;
  /** The line was lost: if the board is there, it arrives anew. */
  forget(address: string): void;
}

const POLL_MS = 400;
const CONNECT_MS = 1000;

export function watchArrivals({ addresses, usb = false, pollMs = POLL_MS }: ArrivalOptions): BoardArrivals {
  const seen = new Map<string, string>(); // what is plugged in and was handed out: its key and its address
  return {
    async next(signal) {
      while (!signal.aborted) {
        const present = await presentPorts(addresses, usb);
        for (const key of [...seen.keys()]) if (!present.has(key)) seen.delete(key);
        const fresh = [...present].find(([key]) => !seen.has(key));
        if (fresh) {
          seen.set(fresh[0], fresh[1].address);
          return fresh[1];
        }
        await delay(pollMs, undefined, { signal }).catch(() => {});
      }
      return undefined;
    },
    forget(address) {
      for (const [key, at] of seen) if (at === address) seen.delete(key);
    },
  };
}

async function presentPorts(addresses: readonly string[], usb: boolean): Promise<ReadonlyMap<string, PortInfo>> {
  const remote = addresses.filter((address) => parseBoardAddress(address).kind !== 'serial');
  const local = addresses.filter((address) => !remote.includes(address));
  const answering = await Promise.all(remote.map(async (address) => ((await answers(address)) ? [address] : [])));
  const ports: PortInfo[] = answering.flat().map((address) => ({ address }));
  if (local.length > 0 || usb) {
    const { listPorts } = await import('./portList');
    const wanted = ({ address, usbVendorId }: PortInfo) =>
      local.includes(address) || (usb && usbVendorId !== undefined);
    ports.push(...(await listPorts()).filter(wanted));
  }
  // two boards one after the other at one socket differ by the serial number of their USB chip, if it has one
  return new Map(ports.map((port) => [`${port.address} ${port.serialNumber ?? ''}`, port]));
}

function answers(text: string): Promise<boolean> {
  const address = parseBoardAddress(text);
  if (address.kind === 'serial') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, timeout: CONNECT_MS });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
