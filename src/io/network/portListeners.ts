// Which processes listen on a TCP port, where the system tells: /proc on Linux, lsof on macOS, nothing on Windows.
import { readFile } from 'node:fs/promises';
import { linuxHolders, lsofHolders, type PortHolder } from '../serial/portHolders';

/** State of a listening socket in /proc/net/tcp (include/net/tcp_states.h). */
const LISTEN = '0A';

/** Best effort and quick: other users' processes stay hidden unless we are root. */
export async function portListeners(port: number): Promise<PortHolder[]> {
  try {
    if (process.platform === 'darwin') return await lsofHolders(['-nP', `-iTCP:${port}`, '-sTCP:LISTEN']);
    if (process.platform !== 'linux') return [];
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
    );
    const inodes = new Set(tables.flatMap((table) => listening(table, port)));
    return (await Promise.all([...inodes].map((inode) => linuxHolders(`socket:[${inode}]`)))).flat();
  } catch {
    return []; // not telling is no error: the caller says "probably another broker" then
  }
}

function listening(table: string, port: number): string[] {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return local.endsWith(hex) && state === LISTEN && inode ? [inode] : [];
  });
}
