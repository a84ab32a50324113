// Takes a file of certificates apart: PEM (also inside C and C++ sources), DER and PKCS#12, whatever its name says.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cppTokens } from '../../core/diagnose/cppTokens';
import { SourceSymbols } from '../../core/diagnose/sourceSymbols';
import { UserError } from '../../core/errors';
import { children, readElement, smallInteger, Tag } from '../../core/x509/der';
import { type PemBlock, readPem, scanPem } from '../../core/x509/pem';
import { fileError } from '../files/fileErrors';
import { readPkcs12 } from './readPkcs12';

/** One thing of the file: DER as it stands there, or a key. */
export type FilePart = { readonly place?: string } & (
  | { readonly kind: 'certificate' | 'request' | 'list'; readonly der: Uint8Array }
  /** `key` is missing where it is encrypted. It is a secret. */
  | { readonly kind: 'key'; readonly key?: KeyObject }
);

/** A certificate file is small; anything else is a mistake. */
const LARGEST = 4 * 1024 * 1024;
const SOURCE = /\.(?:ino|c|cc|cpp|cxx|h|hpp|hh)$/i;

/**
 * In the order of the file. `passphrase` is for PKCS#12. Throws UserError with the file's name: "pkcs12-passphrase" where
 * one is needed and none is given, "pem-damaged" with the line, "no-certificate" for a file without anything of the kind.
 */
export async function readCertificateFile(file: string, passphrase?: string): Promise<FilePart[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  if (bytes.length > LARGEST) throw new UserError('certificate-file', `${file} is too large to be a certificate.`);
  if (bytes[0] === Tag.sequence) return derParts(bytes, file, passphrase);
  try {
    return SOURCE.test(file) ? sourceParts(bytes.toString('utf8')) : readPem(bytes.toString('utf8')).flatMap(pemPart);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.code, `${file}: ${error.message}`);
    throw error;
  }
}

/** Told apart by what stands first inside: DER has no label. */
function derParts(bytes: Uint8Array, file: string, passphrase: string | undefined): FilePart[] {
  const [first, second] = safeChildren(bytes);
  if (first?.tag === Tag.integer && second?.tag === Tag.sequence && smallInteger(first) === 3) {
    if (passphrase === undefined) {
      throw new UserError('pkcs12-passphrase', `${file} is a PKCS#12 file: its passphrase is needed to look into it.`);
    }
    const { certificates, key } = readPkcs12(bytes, passphrase, file);
    const found = certificates.map((one): FilePart => ({ kind: 'certificate', der: new Uint8Array(one.raw) }));
    return key ? [...found, { kind: 'key', key }] : found;
  }
  const key = derKey(bytes);
  if (key) return [{ kind: 'key', key }];
  const [head] = first?.tag === Tag.sequence ? safeChildren(bytes, first.start) : [];
  // TBSCertificate begins with [0] version (v1: the serial number), a request with version 0, a list with version 1 or an algorithm.
  if (head?.tag === Tag.integer && smallIntegerOr(head, 9) === 0) return [{ kind: 'request', der: bytes }];
  if (head?.tag === Tag.sequence || (head?.tag === Tag.integer && smallIntegerOr(head, 9) === 1)) {
    return [{ kind: 'list', der: bytes }];
  }
  return [{ kind: 'certificate', der: bytes }];
}

function safeChildren(bytes: Uint8Array, at = 0) {
  try {
    return children(readElement(bytes, at));
  } catch {
    return [];
  }
}

function smallIntegerOr(element: Parameters<typeof smallInteger>[0], other: number): number {
  try {
    return smallInteger(element);
  } catch {
    return other;
  }
}

function derKey(bytes: Uint8Array): KeyObject | undefined {
  for (const type of ['pkcs8', 'sec1', 'pkcs1'] as const) {
    try {
      return createPrivateKey({ key: Buffer.from(bytes), format: 'der', type });
    } catch {
      // another kind, or none
    }
  }
  return undefined;
}

function pemPart({ label, der, line, headers }: PemBlock): FilePart[] {
  const place = `line ${line}`;
  if (/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)) return [{ kind: 'certificate', der, place }];
  if (/CERTIFICATE REQUEST$/.test(label)) return [{ kind: 'request', der, place }];
  if (label === 'X509 CRL') return [{ kind: 'list', der, place }];
  if (!label.endsWith('PRIVATE KEY')) return [];
  const encrypted = label.startsWith('ENCRYPTED') || 'DEK-Info' in headers;
  const key = encrypted ? undefined : derKey(der);
  return [{ kind: 'key', place, ...(key ? { key } : {}) }];
}

/** The string constants of a source that hold PEM, each under its own name. */
function sourceParts(text: string): FilePart[] {
  const parts: FilePart[] = [];
  for (const [name, { value, at }] of new SourceSymbols([{ path: '', text }]).values()) {
    if (typeof value !== 'string' || !value.includes('-----BEGIN ')) continue;
    const { blocks, problems } = scanPem(value);
    const [problem] = problems;
    if (problem) {
      throw new UserError('pem-damaged', `${name} (line ${at.line + problem.line - 1}) is damaged: ${problem.message}`);
    }
    parts.push(...blocks.flatMap(pemPart).map((part) => ({ ...part, place: name })));
  }
  if (parts.length > 0) return parts;
  const unnamed = cppTokens(text).flatMap((token) => (token.kind === 'string' ? [token.value] : [])); // of an #include
  const loose = scanPem(unnamed.join('')).blocks.flatMap(pemPart);
  if (loose.length > 0) return loose.map(({ place: _, ...part }) => part);
  throw new UserError('pem-missing', 'No string constant in this source holds a certificate.');
}

/** SubjectPublicKeyInfo of a private key, DER. */
export function publicKeyOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}
