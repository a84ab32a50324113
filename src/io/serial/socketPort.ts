// A board behind a raw TCP socket: bytes only, no modem lines and no baud rate (QEMU, ser2net raw, an emulator).
import { UserError } from '../../core/errors';
import { TcpPort } from './tcpPort';

export class SocketPort extends TcpPort {
  readonly hasModemLines = false;

  open(_baudRate: number): Promise<void> {
    return this.connect((bytes) => this.events.data(bytes));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.send(bytes);
  }

  setLines(): Promise<void> {
    return Promise.reject(
      new UserError(
        'lines-unsupported',
        'A raw socket has no DTR and RTS lines, so the board cannot be reset through it. Use an rfc2217:// address, or press the buttons on the board.',
      ),
    );
  }

  setBaudRate(): Promise<void> {
    return Promise.reject(new UserError('lines-unsupported', 'The baud rate cannot be changed through a raw socket.'));
  }
}
