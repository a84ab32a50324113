// The addresses under which other machines reach this one.
import { networkInterfaces } from 'node:os';

/** IPv4 addresses of this machine but its loopback, in the system's order. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
