// From an address to the port that carries it. Loads serialport only where a serial port is meant.
import { parseBoardAddress } from '../../core/boards/boardAddress';
import type { BoardPort, PortInfo } from './boardPort';
import { Rfc2217Port } from './rfc2217Port';
import { SocketPort } from './socketPort';

/** `known` carries what the port list says (USB ids), which the flasher needs for native USB. Does not open yet. */
export async function openBoardPort(text: string, known?: PortInfo): Promise<BoardPort> {
  const address = parseBoardAddress(text);
  if (address.kind === 'serial') {
    const { SerialPort } = await import('./serialPort');
    return new SerialPort(known ?? (await describe(address.path)));
  }
  const place = { address: text.trim(), host: address.host, port: address.port };
  return address.kind === 'rfc2217' ? new Rfc2217Port(place) : new SocketPort(place);
}

async function describe(path: string): Promise<PortInfo> {
  const { calloutName, listPorts } = await import('./portList');
  const known = (await listPorts()).find(({ address }) => address === calloutName(path));
  return { ...known, address: path };
}
