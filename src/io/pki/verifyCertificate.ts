// Checks a certificate file against an authority as a TLS peer would: chain, signature, dates, purpose, key, revocation.
import { type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { chainProblems } from '../../core/pki/chainProblems';
import { day } from '../../core/pki/validity';
import { parseCertificate } from '../../core/x509/certificate';
import { fileError } from '../files/fileErrors';
import { type BoardVerdict, boardVerdicts } from '../tls/boardVerdicts';
import { readCertificateFile } from './certificateFile';
import { commonNameOf } from './certificateRecord';
import { readPrivateKey } from './keyPair';
import { pemCertificates } from './pemCertificates';

export interface VerifyOptions {
  /** PEM of the trusted authorities. */
  readonly trusted: string;
  /** Where `trusted` came from, for messages. */
  readonly trustedSource: string;
  /** Serials that are revoked, as node:crypto prints them. */
  readonly revoked?: ReadonlySet<string>;
  /** Of the file, where that is PKCS#12. */
  readonly passphrase?: string;
  readonly now?: Date;
}

export interface Verification {
  readonly file: string;
  readonly subject: string;
  readonly good: boolean;
  /** Common names from the leaf to the trust anchor, as far as it goes. */
  readonly chain: readonly string[];
  /** Each a sentence; none when good. */
  readonly problems: readonly string[];
  /** What was checked and holds. */
  readonly facts: readonly string[];
  /** What boards make of it, by the rules of their own TLS stacks; for a broker's certificate. */
  readonly boards?: readonly BoardVerdict[];
}

/** Verifies `file` (PEM, leaf first; DER; PKCS#12; a source). Throws UserError only if it cannot be read at all. */
export async function verifyCertificate(file: string, options: VerifyOptions): Promise<Verification> {
  const now = options.now ?? new Date();
  const { leaf, others, keys } = await readChain(file, options.passphrase);
  const anchors = pemCertificates(options.trusted, options.trustedSource);
  const problems: string[] = [];
  const facts: string[] = [];
  const chain = buildChain(leaf, others, anchors);
  const last = chain.at(-1) ?? leaf;
  if (anchors.some((a) => a.fingerprint256 === last.fingerprint256)) {
    facts.push(`Signed by ${nameOf(last)}, which ${options.trustedSource} trusts.`);
  } else problems.push(noPath(last, others, anchors, options.trustedSource));
  for (const certificate of chain) problems.push(...dateProblems(certificate, now));
  problems.push(...chainProblems(chain.map(({ raw }) => parseCertificate(raw))));
  for (const certificate of chain)
    if (options.revoked?.has(certificate.serialNumber)) problems.push(`${nameOf(certificate)} is revoked.`);
  facts.push(purposeOf(leaf), `Valid until ${day(new Date(leaf.validTo))}.`);
  const key = keyInFile(keys, leaf) ?? (await keyVerdict(file, leaf));
  if (key) (key.good ? facts : problems).push(key.text);
  return {
    file,
    subject: nameOf(leaf),
    good: problems.length === 0,
    chain: chain.map(nameOf),
    problems,
    facts,
    ...(leaf.keyUsage?.includes(SERVER_AUTH)
      ? { boards: boardVerdicts([leaf, ...others], anchors, now.getTime()) }
      : {}),
  };
}

interface ChainFile {
  readonly leaf: X509Certificate;
  readonly others: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** The leaf comes first; only in a source, whose constants have no order, it is the first that is no authority. */
async function readChain(file: string, passphrase: string | undefined): Promise<ChainFile> {
  const parts = await readCertificateFile(file, passphrase);
  const certificates = parts.flatMap((part) => (part.kind === 'certificate' ? [readCertificate(part, file)] : []));
  const inSource = parts.some(({ place }) => place !== undefined && !place.startsWith('line '));
  const leaf = (inSource ? certificates.find(({ ca }) => !ca) : undefined) ?? certificates[0];
  if (!leaf) throw new UserError('no-certificate', `${file} holds no certificate.`);
  const keys = parts.flatMap((part) => (part.kind === 'key' && part.key ? [part.key] : []));
  return { leaf, others: certificates.filter((one) => one !== leaf), keys };
}

function readCertificate(part: { readonly der: Uint8Array; readonly place?: string }, file: string): X509Certificate {
  try {
    return new X509Certificate(part.der);
  } catch (error) {
    const message = `${file}${part.place ? `, ${part.place}` : ''}: this certificate is damaged. Copy it again, with all its line breaks.`;
    throw new UserError('pem-damaged', message, undefined, { cause: error });
  }
}

function keyInFile(keys: readonly KeyObject[], leaf: X509Certificate): { good: boolean; text: string } | undefined {
  if (keys.length === 0) return undefined;
  const good = keys.some((key) => leaf.checkPrivateKey(key));
  return { good, text: good ? 'The key in the file is its key.' : 'The key in the file is not its key.' };
}

/** From the leaf upwards while an issuer is found whose key made the signature; ends at an anchor or where none fits. */
function buildChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): X509Certificate[] {
  const chain = [leaf];
  for (let current = leaf; chain.length <= others.length + 1; ) {
    if (anchors.some((a) => a.fingerprint256 === current.fingerprint256)) break;
    const issuer = [...anchors, ...others].find((c) => c !== current && current.checkIssued(c) && signed(current, c));
    if (!issuer) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain;
}

function signed(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false; // another kind of key
  }
}

function noPath(
  last: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  source: string,
): string {
  const named = others.find((one) => one !== last && one.subject === last.issuer);
  if (named && last.issuer !== last.subject) {
    const { keyUsage } = parseCertificate(named.raw);
    if (keyUsage && !keyUsage.includes('keyCertSign'))
      return `The key usage of ${nameOf(named)} does not let it sign certificates, so ${nameOf(last)} has no issuer that counts.`;
    return `${nameOf(last)} names "${nameOf(named)}" of the same file as its issuer, but was signed with another key.`;
  }
  const sameName = anchors.find((a) => a.subject === last.issuer);
  if (sameName) {
    return `${nameOf(last)} names "${nameOf(sameName)}" as its issuer, but was signed with another key: ${source} holds a different authority of the same name.`;
  }
  const issuer = commonNameOf(last.issuer) ?? last.issuer;
  if (last.issuer === last.subject) return `${nameOf(last)} is self-signed and not in ${source}.`;
  return `${nameOf(last)} was issued by "${issuer}", and ${source} holds no such authority (it holds ${anchors.map((a) => `"${nameOf(a)}"`).join(', ')}).`;
}

function dateProblems(certificate: X509Certificate, now: Date): string[] {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  if (now > to) return [`${nameOf(certificate)} expired on ${day(to)}.`];
  return now < from ? [`${nameOf(certificate)} is valid only from ${day(from)} on.`] : [];
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

const PURPOSES: Readonly<Record<string, string>> = {
  [SERVER_AUTH]: 'brokers (serverAuth)',
  '1.3.6.1.5.5.7.3.2': 'clients (clientAuth)',
};

function purposeOf(certificate: X509Certificate): string {
  if (certificate.ca) return 'An authority: it signs other certificates.';
  const usages = certificate.keyUsage ?? []; // node:crypto calls the extended key usage so
  const known = usages.map((oid) => PURPOSES[oid] ?? oid);
  return known.length > 0 ? `For ${known.join(' and ')}.` : 'For any purpose (no extended key usage).';
}

/** Compares with the .key beside the certificate, if there is one that is not encrypted. */
async function keyVerdict(file: string, leaf: X509Certificate): Promise<{ good: boolean; text: string } | undefined> {
  const path = file.replace(/\.(?:crt|pem|cer)$/i, '.key');
  if (path === file || !(await stat(path).catch(() => undefined))) return undefined;
  const pem = await readText(path);
  if (/ENCRYPTED/.test(pem)) return { good: true, text: 'Its key is encrypted; it was not compared.' };
  try {
    const good = leaf.checkPrivateKey(readPrivateKey(pem, path));
    return { good, text: good ? 'Its key matches.' : `The key ${path} is not the key of this certificate.` };
  } catch (error) {
    if (error instanceof UserError) return { good: false, text: error.message };
    throw error;
  }
}

function nameOf(certificate: X509Certificate): string {
  return commonNameOf(certificate.subject) ?? (certificate.subject?.replaceAll('\n', ', ') || certificate.serialNumber);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', path);
  });
}
