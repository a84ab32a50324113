// The server's half of RFC 2217 (COM-PORT-OPTION): baud rate, modem lines, purge; every request is answered.
import type { Direction } from './faults';
import type { ModemState } from './resetCircuit';
import { COM_PORT_OPTION } from './telnet';

const SET_BAUDRATE = 1;
const SET_DATASIZE = 2;
const SET_PARITY = 3;
const SET_STOPSIZE = 4;
const SET_CONTROL = 5;
const NOTIFY_LINESTATE = 6;
const NOTIFY_MODEMSTATE = 7;
const SET_LINESTATE_MASK = 10;
const SET_MODEMSTATE_MASK = 11;
const PURGE_DATA = 12;
/** A server's answer carries the command plus 100. */
const SERVER = 100;
/** CTS, DSR and CD as a board with its adapter shows them. */
const MODEM_STATE = 0x30;

export interface ComPortTarget {
  baudRate(): number;
  setBaudRate(baudRate: number): void;
  lines(): ModemState;
  setLines(change: Partial<ModemState>): void;
  purge(direction: Direction): void;
}

/** Obeys one subnegotiation; returns the answer, or undefined where none is due. */
export function answerComPort(message: Uint8Array, port: ComPortTarget): Uint8Array | undefined {
  const [option, command = 0, value = 0] = message;
  if (option !== COM_PORT_OPTION) return undefined;
  const answer = (...bytes: number[]) => Uint8Array.of(COM_PORT_OPTION, command + SERVER, ...bytes);
  switch (command) {
    case SET_BAUDRATE: {
      if (message.length < 6) return undefined;
      const asked = new DataView(message.buffer, message.byteOffset).getUint32(2);
      if (asked !== 0) port.setBaudRate(asked);
      const now = port.baudRate();
      return answer(now >>> 24, (now >>> 16) & 255, (now >>> 8) & 255, now & 255);
    }
    case SET_DATASIZE:
      return answer(8);
    case SET_PARITY:
    case SET_STOPSIZE:
      return answer(1);
    case SET_CONTROL:
      return answer(control(value, port));
    case NOTIFY_LINESTATE:
      return answer(0);
    case NOTIFY_MODEMSTATE:
      return answer(MODEM_STATE);
    case SET_LINESTATE_MASK:
    case SET_MODEMSTATE_MASK:
      return answer(value);
    case PURGE_DATA:
      if (value & 1) port.purge('toHost');
      if (value & 2) port.purge('toBoard');
      return answer(value);
    default:
      return undefined;
  }
}

/** SET-CONTROL: 7 to 9 are about DTR, 10 to 12 about RTS, 4 to 6 about break, the rest about flow control. */
function control(value: number, port: ComPortTarget): number {
  const { dtr, rts } = port.lines();
  switch (value) {
    case 7:
      return dtr ? 8 : 9;
    case 10:
      return rts ? 11 : 12;
    case 8:
    case 9:
      port.setLines({ dtr: value === 8 });
      return value;
    case 11:
    case 12:
      port.setLines({ rts: value === 11 });
      return value;
    case 4:
      return 6;
    case 5:
    case 6:
      return value;
    case 0x0d:
      return 0x0e;
    default: // no flow control, whatever was asked for
      return value >= 0x0d ? 0x0e : 1;
  }
}
