// What may stand for a broker's name: DNS names and IP addresses, with the mistakes people make named one by one.
import { UserError } from '../errors';
import { parseIpAddress } from './ipAddress';

export interface HostNames {
  /** Lower case, in the order given, no duplicates. */
  readonly dns: readonly string[];
  /** Canonical text. */
  readonly ips: readonly string[];
}

/** Sorts names into DNS names and addresses. Throws UserError for the first that is neither, or if there is none. */
export function parseHostNames(texts: readonly string[]): HostNames {
  const dns = new Set<string>();
  const ips = new Set<string>();
  for (const text of texts.map((t) => t.trim()).filter((t) => t !== '')) {
    const ip = parseIpAddress(text);
    if (ip) ips.add(ip);
    else dns.add(parseDnsName(text));
  }
  if (dns.size + ips.size === 0) {
    throw new UserError(
      'broker-names',
      'The broker certificate has no name. Give the host name or IP address that the boards connect to.',
    );
  }
  return { dns: [...dns], ips: [...ips] };
}

/** An address given where only an address fits. */
export function parseIp(text: string): string {
  const ip = parseIpAddress(text.trim());
  if (ip) return ip;
  const hint = /\/\d+$/.test(text)
    ? ' A certificate names single addresses, not networks.'
    : ' Host names go to the DNS names.';
  throw new UserError('ip-address', `"${text.trim()}" is no IP address.${hint}`);
}

/** Lower-cased name. Throws UserError that says what is wrong with it (RFC 1034 section 3.5, RFC 6125 section 6.4.3). */
export function parseDnsName(text: string): string {
  const name = text.trim().replace(/\.$/, '').toLowerCase();
  const problem = dnsProblem(name);
  if (problem) throw new UserError('dns-name', `"${text.trim()}" is no host name: ${problem}`);
  return name;
}

function dnsProblem(name: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/\[?([^/:\]]*)/.exec(name);
  if (scheme) return `give the name alone, "${scheme[1]}", without scheme, port and path.`;
  const port = /^([^:]+):\d+$/.exec(name);
  if (port) return `give it without the port: "${port[1]}".`;
  if (name.includes('/')) return 'a certificate names single hosts, without a path or a network mask.';
  if (/^[\d.]+$/.test(name)) return 'it looks like an IPv4 address, which is four numbers from 0 to 255.';
  if (name.includes(':')) return 'it looks like an IPv6 address, but is not one.';
  if (/[^\0-\x7f]/.test(name)) return 'it has characters outside ASCII. Give its punycode form (xn--…).';
  if (name.length > 253) return `it has ${name.length} characters; DNS allows 253.`;
  const labels = name.split('.');
  const rest = labels[0] === '*' ? labels.slice(1) : labels;
  if (rest.some((label) => label.includes('*')))
    return 'a wildcard stands alone as the first label, as in "*.example.com".';
  if (rest !== labels && rest.length < 2)
    return 'a wildcard needs at least two labels after it, as in "*.example.com".';
  const bad = rest.find((label) => !/^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
  if (bad === undefined) return undefined;
  if (bad === '') return 'it has an empty label (two dots in a row, or a dot in front).';
  if (bad.length > 63) return `its label "${bad.slice(0, 16)}…" has ${bad.length} characters; DNS allows 63.`;
  return `its label "${bad}" may have letters, digits and inner hyphens only.`;
}
