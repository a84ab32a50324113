// From a certificate to its record in the inventory.
import type { X509Certificate } from 'node:crypto';
import type { CertificateRole } from '../../core/pki/certificateProfile';
import type { InventoryRecord } from '../../core/pki/inventory';

export function recordOf(certificate: X509Certificate, role: CertificateRole, file: string): InventoryRecord {
  const hosts = hostsOf(certificate);
  return {
    name: commonNameOf(certificate.subject) ?? hosts[0] ?? certificate.serialNumber,
    role,
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    issuer: issuerNameOf(certificate.issuer),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    ...(hosts.length > 0 ? { hosts } : {}),
    file,
    status: 'valid',
  };
}

/** How records name the issuer with this distinguished name. */
export function issuerNameOf(name: string): string {
  return commonNameOf(name) ?? name.replaceAll('\n', ', ');
}

/** The CN of node:crypto's multi-line form of a name ("C=DE\nCN=x"), in which RFC 2253's special characters are escaped. */
export function commonNameOf(name: string): string | undefined {
  return name
    .split('\n')
    .find((line) => line.startsWith('CN='))
    ?.slice('CN='.length)
    .replace(/\\(?:([0-9A-F]{2})|(.))/g, (_, hex: string | undefined, character: string) =>
      hex === undefined ? character : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** DNS names and addresses of the SAN, each once (node:crypto's "DNS:a, IP Address:1.2.3.4"). */
export function hostsOf(certificate: X509Certificate): string[] {
  const entries = (certificate.subjectAltName ?? '').split(', ');
  const hosts = entries.map((e) => /^(?:DNS|IP Address):"?(.+?)"?$/.exec(e)?.[1]).filter((h) => h !== undefined);
  return [...new Set(hosts)];
}
