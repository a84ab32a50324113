// What this computer is called and reached by on its network.
import { hostname, networkInterfaces } from 'node:os';

/** Interfaces that boards cannot reach: containers, virtual machines, tunnels. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|zt|wg)/i;

/** "localhost", "127.0.0.1", the host name, then the IPv4 addresses on the network; at most eight. */
export function localBrokerNames(): string[] {
  const host = hostname().toLowerCase();
  const addresses = Object.entries(networkInterfaces())
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([, entries]) => entries ?? [])
    .filter((entry) => entry.family === 'IPv4' && !entry.internal && !entry.address.startsWith('169.254.'))
    .map((entry) => entry.address);
  const isName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host);
  return [...new Set(['localhost', '127.0.0.1', ...(isName ? [host] : []), ...addresses])].slice(0, 8);
}
