// The names that an authority may certify (RFC 5280 section 4.2.1.10): domains and networks that are permitted. What no
// entry of its kind permits is forbidden; a kind without any entry is free, as the RFC has it.
import { UserError } from '../errors';
import { children, readElement, value } from '../x509/der';
import { ipText, parseIp } from '../x509/generalName';
import { element, sequence } from './der';
import { parseDnsName } from './hostNames';
import type { AltName } from './subjectAltNames';

export interface NameConstraints {
  /** Domains with everything below them, lower case: "example.com" permits "mqtt.example.com" too. */
  readonly dns: readonly string[];
  /** "192.168.0.0/16" and the like, with the host bits cleared. */
  readonly networks: readonly string[];
}

export const NAME_CONSTRAINTS = '2.5.29.30';
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** Undefined where nothing is constrained. Throws UserError for what is no domain and no network. */
export function parseNameConstraints(dns: readonly string[], networks: readonly string[]): NameConstraints | undefined {
  if (dns.length === 0 && networks.length === 0) return undefined;
  return { dns: dns.map(parseDomain), networks: networks.map(normalNetwork) };
}

/** The extension's value, DER. */
export function encodeNameConstraints({ dns, networks }: NameConstraints): Uint8Array<ArrayBuffer> {
  const names = [
    ...dns.map((domain) => element(DNS_NAME, new TextEncoder().encode(domain))),
    ...networks.map((network) => {
      const { address, mask } = parseNetwork(network);
      return element(IP_ADDRESS, address, mask);
    }),
  ];
  return sequence(element(PERMITTED, ...names.map((name) => sequence(name))));
}

/** What an extension's value permits. */
export function decodeNameConstraints(der: Uint8Array): NameConstraints {
  return subtrees(der, PERMITTED);
}

/** What it forbids; we never write that, others do. */
export function excludedNames(der: Uint8Array): NameConstraints {
  return subtrees(der, EXCLUDED);
}

function subtrees(der: Uint8Array, tag: number): NameConstraints {
  const list = children(readElement(der)).find((element) => element.tag === tag);
  const names = (list ? children(list) : []).flatMap((subtree) => children(subtree).slice(0, 1));
  const text = (octets: Uint8Array) => new TextDecoder().decode(octets).toLowerCase().replace(/^\./, '');
  return {
    dns: names.filter((name) => name.tag === DNS_NAME).map((name) => text(value(name))),
    networks: names.filter((name) => name.tag === IP_ADDRESS).map((name) => networkText(value(name))),
  };
}

/** `name` is one of the domains, below one, or in one of the networks. */
export function isAmong(name: AltName, { dns, networks }: NameConstraints): boolean {
  return name.type === 'dns'
    ? dns.some((domain) => within(name.value, domain))
    : networks.some((network) => inside(name.value, network));
}

/** Throws UserError "name-constraints" if `issuer` may not certify one of `names`. */
export function checkPermitted(names: readonly AltName[], constraints: NameConstraints, issuer: string): void {
  for (const name of names) {
    const permitted = name.type === 'dns' ? constraints.dns : constraints.networks;
    if (permitted.length === 0) continue;
    if (isAmong(name, constraints)) continue;
    const isAddress = name.type === 'dns' && parseIp(name.value) !== undefined;
    const next = isAddress
      ? 'It stands there for boards that compare DNS names only; for boards with Mbed TLS 3.5 or later alone it need not (--stack mbedtls-3.5). Else let another authority sign it.'
      : 'Choose another name, or let another authority sign it.';
    const what = isAddress ? `the address ${name.value} as a DNS name` : name.value;
    throw new UserError(
      'name-constraints',
      `"${issuer}" may only certify ${permitted.join(', ')}, and ${what} is not in it: clients would refuse the certificate. ${next}`,
    );
  }
}

function within(name: string, domain: string): boolean {
  const lower = name.toLowerCase();
  return lower === domain || lower.endsWith(`.${domain}`);
}

function inside(ip: string, network: string): boolean {
  const { address, mask } = parseNetwork(network);
  const octets = parseIp(ip);
  return octets?.length === address.length && octets.every((octet, i) => (octet & (mask[i] ?? 0)) === address[i]);
}

function parseDomain(text: string): string {
  const domain = parseDnsName(text.trim().replace(/^\*?\./, ''));
  return domain.toLowerCase();
}

function normalNetwork(text: string): string {
  const { address, bits } = parseNetwork(text.trim());
  return `${ipText(address)}/${bits}`;
}

/** Address and mask, one after the other. */
function networkText(octets: Uint8Array): string {
  const half = octets.length / 2;
  const bits = octets.subarray(half).reduce((sum, octet) => sum + octet.toString(2).replaceAll('0', '').length, 0);
  return `${ipText(octets.subarray(0, half))}/${bits}`;
}

function parseNetwork(text: string): { address: Uint8Array; mask: Uint8Array; bits: number } {
  const [ip = '', length, ...more] = text.split('/');
  const octets = parseIp(ip);
  const all = (octets?.length ?? 0) * 8;
  const bits = length === undefined ? all : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (!octets || more.length > 0 || bits < 0 || bits > all) {
    throw new UserError(
      'network',
      `"${text}" is no network. Write it as 192.168.0.0/16, or one address without a slash.`,
    );
  }
  const mask = octets.map((_, i) => (0xff << (8 - Math.max(0, Math.min(8, bits - 8 * i)))) & 0xff);
  return { address: octets.map((octet, i) => octet & (mask[i] ?? 0)), mask, bits };
}
