// Why a server could not listen, in words, with what to do.
import { UserError } from '../../core/errors';
import type { PortHolder } from '../serial/portHolders';
import { portListeners } from './portListeners';

export async function listenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        'broker-port-busy',
        `Port ${port} is taken ${holders(await portListeners(port))}. Stop that one, or choose another port such as ${port + 1} and use it in the sketch as well.`,
      );
    case 'EACCES':
      return new UserError(
        'broker-port-refused',
        `The system does not let this program listen on port ${port}. Choose a port above 1024; 8883 is the usual one.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        'broker-address',
        `This machine has no address "${host}" to listen on. Use 0.0.0.0 for all of its addresses, or 127.0.0.1 for this machine only.`,
      );
    default:
      return error;
  }
}

function holders(found: readonly PortHolder[]): string {
  if (found.length === 0)
    return 'by another program, probably another broker (a running mosquitto, or a second window)';
  return `by ${found.map(({ name, pid }) => (pid === process.pid ? 'this program itself' : `${name} (process ${pid})`)).join(' and ')}`;
}
