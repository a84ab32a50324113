// What a certificate's reader should know before a board does: each remark is a sentence with its reason.
import type { Certificate } from '../x509/certificate';
import { extensionName, refuses, type Verifier } from '../x509/criticalExtensions';
import { isIpv4, parseIpAddress } from './ipAddress';

const DAY = 86_400_000;
const WEAK_HASHES: readonly string[] = ['md2', 'md4', 'md5', 'sha1'];

export function certificateRemarks(certificate: Certificate, nowMs: number): string[] {
  return [
    ...dateRemarks(certificate, nowMs),
    ...keyRemarks(certificate),
    ...(certificate.basicConstraints?.ca ? authorityRemarks(certificate) : leafRemarks(certificate)),
    ...extensionRemarks(certificate),
    ...(certificate.version === 3 ? [] : ['It is an X.509 version 1 certificate: it cannot say what it is for.']),
    ...(certificate.serial.startsWith('-') ? ['Its serial number is negative, which RFC 5280 forbids.'] : []),
  ];
}

function dateRemarks({ notBefore, notAfter }: Certificate, nowMs: number): string[] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (nowMs > notAfter) {
    return [
      `It expired on ${day(notAfter)}. An ESP32 ignores dates unless MBEDTLS_HAVE_TIME_DATE is set; brokers, PCs and ESP8266 boards refuse it.`,
    ];
  }
  if (nowMs < notBefore) return [`It is valid only from ${day(notBefore)} on.`];
  const left = Math.floor((notAfter - nowMs) / DAY);
  return left < 30 ? [`It expires in ${left} days.`] : [];
}

function keyRemarks({ publicKey, signatureAlgorithm }: Certificate): string[] {
  const remarks: string[] = [];
  const { algorithm, bits } = publicKey;
  if (algorithm === 'rsa' && bits < 2048) {
    remarks.push(
      `Its RSA key has only ${bits} bits: OpenSSL and Mbed TLS refuse it by default. Use 2048, or ECDSA P-256.`,
    );
  }
  if (algorithm !== 'rsa' && algorithm !== 'ec') {
    remarks.push(`Its ${algorithm} key cannot be used by Mbed TLS and BearSSL boards. Use ECDSA P-256.`);
  }
  const { hash, name } = signatureAlgorithm;
  if (hash && WEAK_HASHES.includes(hash)) {
    remarks.push(`It is signed with ${name}: boards and OpenSSL refuse that. Sign it again with SHA-256.`);
  }
  return remarks;
}

const BOARDS: readonly (readonly [Verifier, string])[] = [
  ['mbedtls', 'ESP32 boards (Mbed TLS)'],
  ['bearssl', 'ESP8266 boards (BearSSL)'],
];

/** A device's own certificate is verified by brokers alone. */
function extensionRemarks({ basicConstraints, extendedKeyUsage, extensions }: Certificate): string[] {
  const seenByBoards = basicConstraints?.ca || !extendedKeyUsage || extendedKeyUsage.includes('serverAuth');
  const readers = [['openssl', 'brokers and PCs (OpenSSL)'] as const, ...(seenByBoards ? BOARDS : [])];
  return extensions.flatMap((extension) => {
    const refusing = readers.filter(([verifier]) => extension.critical && refuses(extension, verifier));
    const who = refusing.map(([, name]) => name).join(', ');
    return refusing.length === 0
      ? []
      : [`Its critical extension ${extensionName(extension)} is not known to ${who}: they refuse the certificate.`];
  });
}

function authorityRemarks({ keyUsage, extendedKeyUsage }: Certificate): string[] {
  const remarks: string[] = [];
  if (keyUsage && !keyUsage.includes('keyCertSign')) {
    remarks.push('It is an authority by its basic constraints, but its key usage does not let it sign certificates.');
  }
  if (extendedKeyUsage?.includes('serverAuth')) {
    remarks.push('It is an authority and a server certificate at once. Give the server a certificate of its own.');
  }
  return remarks;
}

function leafRemarks(certificate: Certificate): string[] {
  const { extendedKeyUsage, subjectAltNames, subject } = certificate;
  const remarks: string[] = [];
  if (!extendedKeyUsage) {
    remarks.push(
      'It does not say what it is for (no extended key usage). Strict peers refuse it as a server or a client.',
    );
  }
  const forServers = !extendedKeyUsage || extendedKeyUsage.includes('serverAuth');
  if (!forServers) return remarks;
  const names = subjectAltNames ?? [];
  if (names.length === 0) {
    const shown = subject.commonName ? ` Only its common name, "${subject.commonName}", says where it belongs.` : '';
    remarks.push(`It has no subject alternative name, so Node, Python, Go and browsers refuse it as a server.${shown}`);
    if (subject.commonName && parseIpAddress(subject.commonName)) {
      remarks.push('Its common name is an IP address, which Mbed TLS compares as text only.');
    }
  }
  const dns = new Set(names.filter((n) => n.type === 'dns').map((n) => n.value));
  const ips = names.filter((n) => n.type === 'ip' && isIpv4(n.value) && !dns.has(n.value)).map((n) => n.value);
  if (ips.length > 0) {
    remarks.push(
      `Boards with Mbed TLS before 3.5 or with BearSSL cannot reach it by ${ips.join(', ')}: they do not look at IP address entries. Renew it with Secure IoT, which adds the address as a DNS name too.`,
    );
  }
  return remarks;
}
