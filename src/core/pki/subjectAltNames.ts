// The subject alternative names of a broker certificate: what was asked for, plus what the boards' TLS stacks need.
import { type BoardStackId, boardStacks } from './boardStack';
import type { HostNames } from './hostNames';
import { isIpv4 } from './ipAddress';

export interface AltName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

export interface AltNames {
  readonly names: readonly AltName[];
  /** Why an entry was added that nobody asked for, or what will not work; for the reader. */
  readonly notes: readonly string[];
}

export function altNamesFor(hosts: HostNames, stack: BoardStackId): AltNames {
  const { matchesIpAddress, name } = boardStacks[stack];
  const notes: string[] = [];
  const extra = matchesIpAddress ? [] : hosts.ips.filter(isIpv4);
  const who = stack === 'any' ? 'Boards with Mbed TLS before 3.5 or with BearSSL (ESP8266)' : name;
  if (extra.length > 0) {
    notes.push(
      `${extra.join(', ')} ${extra.length > 1 ? 'stand' : 'stands'} in the certificate as a DNS name too: ${who} ${stack === 'any' ? 'do' : 'does'} not look at IP address entries.`,
    );
  }
  const ipv6 = matchesIpAddress ? [] : hosts.ips.filter((ip) => !isIpv4(ip));
  if (ipv6.length > 0) {
    notes.push(`${who} cannot check an IPv6 address (${ipv6.join(', ')}): let these boards connect by a host name.`);
  }
  const dns = [...new Set([...hosts.dns, ...extra])];
  return {
    names: [
      ...dns.map((value) => ({ type: 'dns', value }) as const),
      ...hosts.ips.map((value) => ({ type: 'ip', value }) as const),
    ],
    notes,
  };
}
