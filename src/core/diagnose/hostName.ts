// Is a certificate good for this host name, as the board's TLS stack sees it?
import type { Certificate } from '../x509/certificate';
import { sameBytes } from '../x509/der';
import { parseIp } from '../x509/generalName';
import type { TlsStack } from './tlsStack';

/** Names and addresses that the stack would accept, in the certificate's order, for showing. */
export function usableNames(certificate: Certificate, stack: TlsStack): string[] {
  const names = certificate.subjectAltNames;
  if (!names) return certificate.subject.commonName === undefined ? [] : [certificate.subject.commonName];
  const usable = names.filter(({ type }) => type === 'dns' || (type === 'ip' && stack.matchesIpSan));
  return [...new Set(usable.map(({ value }) => value))];
}

/** Where no name is checked, any certificate fits. */
export function nameFits(
  certificate: Certificate,
  { hostName }: { readonly hostName?: string | undefined },
  stack: TlsStack,
): boolean {
  return hostName === undefined || hostNameMatches(certificate, hostName, stack);
}

/**
 * Mbed TLS: x509_crt_verify_name. With a SAN extension the CN does not count, whatever kinds of names the SAN holds.
 * BearSSL (x509_minimal.t0) does the same with dNSName only.
 */
function hostNameMatches(certificate: Certificate, hostName: string, stack: TlsStack): boolean {
  const names = certificate.subjectAltNames;
  if (!names) {
    return certificate.subject.parts
      .flat()
      .some(({ type, raw }) => type === 'CN' && dnsNameMatches(latin1(raw), hostName));
  }
  if (names.some(({ type, value }) => type === 'dns' && dnsNameMatches(value, hostName))) return true;
  if (!stack.matchesIpSan) return false;
  const address = parseIp(hostName);
  return names.some(
    (name) =>
      (name.type === 'ip' && address !== undefined && sameBytes(name.octets, address)) ||
      (name.type === 'uri' && name.value === hostName),
  );
}

/** Case does not count; a leading `*.` stands for exactly one label. */
export function dnsNameMatches(pattern: string, hostName: string): boolean {
  const wanted = hostName.toLowerCase();
  const name = pattern.toLowerCase();
  if (name === wanted) return true;
  const dot = wanted.indexOf('.');
  return name.length >= 3 && name.startsWith('*.') && dot > 0 && name.slice(1) === wanted.slice(dot);
}

function latin1(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}
