// Finds a port that nobody listens on.
import { createServer } from 'node:net';

/** The first free port from `first` on, at most `tries` of them; undefined when all are taken. */
export async function freePortFrom(first: number, tries = 20): Promise<number | undefined> {
  for (let port = first; port < Math.min(first + tries, 65_536); port++) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  return undefined;
}
