// Memory of a process as Linux counts it.
import { readFile } from 'node:fs/promises';

export async function residentMB(pid: number): Promise<number> {
  const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
  return (pages * 4096) / 1024 / 1024;
}
