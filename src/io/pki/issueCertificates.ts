// Issues certificates into a store: creates the authority, unlocks it with its passphrase, signs brokers and devices.
//
//   const store = openCertificateStore(folder);
//   await createAuthority(store, { commonName: 'Workshop CA', passphrase });
//   const authority = await unlockAuthority(store, passphrase);
//   await issueBroker(store, authority, { hosts: ['mqtt.example.com', '192.168.1.10'] });
//   await issueDevice(store, authority, { commonName: 'esp32-device-001' });
import type { KeyObject, X509Certificate } from 'node:crypto';
import { UserError } from '../../core/errors';
import { type BoardStackId, checkKeyForStack } from '../../core/pki/boardStack';
import { type CertificateRole, profiles } from '../../core/pki/certificateProfile';
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import { parseHostNames } from '../../core/pki/hostNames';
import type { InventoryRecord } from '../../core/pki/inventory';
import { parseIpAddress } from '../../core/pki/ipAddress';
import { DEFAULT_KEY_KIND, type KeyKind } from '../../core/pki/keyKind';
import type { NameConstraints } from '../../core/pki/nameConstraints';
import { type AltNames, altNamesFor } from '../../core/pki/subjectAltNames';
import { validityFor } from '../../core/pki/validity';
import { type Issuer, signCertificate } from './certificateAuthority';
import type { CertificateStore, IdentityPaths } from './certificateStore';
import { checkIssuable, checkStack } from './issuerLimits';
import {
  checkPassphrase,
  encryptedPrivateKeyPem,
  generatePrivateKey,
  keyKindOf,
  privateKeyPem,
  publicKeyDer,
  readPrivateKey,
} from './keyPair';
import { pemCertificates } from './pemCertificates';

export interface Issued {
  readonly record: InventoryRecord;
  readonly paths: IdentityPaths;
  /** What the reader should know: shortened validity, names that were added and why. */
  readonly notes: readonly string[];
}

interface CommonOptions {
  readonly keyKind?: KeyKind;
  /** The boards that will check it, or show it; default "any". */
  readonly stack?: BoardStackId;
  readonly days?: number;
  /** Where clients can fetch the revocation list; checked by parseCrlUrl before. */
  readonly crlUrl?: string;
  /** For tests. */
  readonly now?: Date;
}

export interface AuthorityOptions extends CommonOptions {
  readonly commonName: string;
  /** Authorities that may follow below it; any number unless given. */
  readonly pathLength?: number;
  readonly nameConstraints?: NameConstraints;
  readonly passphrase: string;
}

export interface BrokerOptions extends CommonOptions {
  /** DNS names and IP addresses that clients connect to; the first is the common name unless that is given. */
  readonly hosts: readonly string[];
  readonly commonName?: string;
}

export interface DeviceOptions extends CommonOptions {
  readonly commonName: string;
  readonly role?: 'device' | 'operator';
}

/** Makes ca/ca.key (encrypted) and ca/ca.crt. Throws UserError "file-exists" if the folder has an authority. */
export async function createAuthority(store: CertificateStore, options: AuthorityOptions): Promise<Issued> {
  const commonName = checkCommonName(options.commonName);
  checkPassphrase(options.passphrase);
  const keyKind = options.keyKind ?? DEFAULT_KEY_KIND;
  checkKeyForStack(options.stack ?? 'any', { kind: keyKind, name: commonName, isAuthority: false });
  const validity = validityFor(options.now ?? new Date(), options.days ?? profiles.authority.days);
  await store.refuseExisting('authority', 'ca');
  if (await store.hasKey('authority', 'ca')) {
    throw new UserError(
      'file-exists',
      `${store.pathsOf('authority', 'ca').key} lies there without its certificate, and a key is never overwritten. Move it away, or choose another folder.`,
    );
  }
  const key = await generatePrivateKey(keyKind);
  const { pathLength, nameConstraints } = options;
  const certificate = await signCertificate(
    {
      role: 'authority',
      commonName,
      validity,
      publicKey: publicKeyDer(key),
      keyKind,
      ...(pathLength === undefined ? {} : { pathLength }),
      ...(nameConstraints ? { nameConstraints } : {}),
    },
    { selfKey: key },
  );
  const record = await store.add('authority', 'ca', {
    certificate: certificate.toString(),
    key: await encryptedPrivateKeyPem(key, options.passphrase),
  });
  return { record, paths: store.pathsOf('authority', 'ca'), notes: validity.notes };
}

/**
 * Reads the authority, or the intermediate authority of that name, and decrypts its key. Throws UserError "passphrase"
 * if that is wrong.
 */
export async function unlockAuthority(
  store: CertificateStore,
  passphrase: string,
  intermediate?: string,
): Promise<Issuer> {
  const role = intermediate === undefined ? 'authority' : 'intermediate';
  const pem = await store.readAuthority(intermediate);
  const paths = store.pathsOf(role, intermediate ?? 'ca');
  const certificates = pemCertificates(pem, paths.certificate);
  const [certificate, ...chain] = certificates;
  if (!certificate?.ca) {
    throw new UserError(
      'not-an-authority',
      `${paths.certificate} is no authority's certificate (basicConstraints does not say CA): what it signs would be refused. Put the CA's certificate there.`,
    );
  }
  const key = readPrivateKey(await store.readAuthorityKey(intermediate), paths.key, passphrase);
  if (!certificate.checkPrivateKey(key)) {
    throw new UserError(
      'key-mismatch',
      `${paths.key} is not the key of ${paths.certificate}. One of them was exchanged.`,
    );
  }
  return { certificate, key, chain: chain.filter((c) => c.subject !== c.issuer) };
}

/** Makes broker/<name>.crt and .key with serverAuth and the hosts in the SAN. */
export function issueBroker(store: CertificateStore, issuer: Issuer, options: BrokerOptions): Promise<Issued> {
  const named = options.commonName ?? options.hosts[0] ?? '';
  const commonName = checkCommonName(parseIpAddress(named.trim()) ?? named);
  const looksLikeHost =
    parseIpAddress(commonName) !== undefined || /^([a-z]+:\/\/\S+|[\w*.-]+(:\d+)?)$/i.test(commonName); // an address given whole is named as the mistake
  const hosts = parseHostNames(looksLikeHost ? [commonName, ...options.hosts] : options.hosts);
  return issue(store, issuer, 'broker', commonName, options, altNamesFor(hosts, options.stack ?? 'any'));
}

/** Makes devices/<name>.crt and .key with clientAuth. */
export function issueDevice(store: CertificateStore, issuer: Issuer, options: DeviceOptions): Promise<Issued> {
  return issue(store, issuer, options.role ?? 'device', checkCommonName(options.commonName), options);
}

async function issue(
  store: CertificateStore,
  issuer: Issuer,
  role: CertificateRole,
  commonName: string,
  options: CommonOptions,
  altNames?: AltNames,
): Promise<Issued> {
  const name = fileNameOf(commonName);
  checkIssuable(issuer, commonName, altNames?.names);
  const validity = validityFor(options.now ?? new Date(), options.days ?? profiles[role].days, {
    notBefore: new Date(issuer.certificate.validFrom),
    notAfter: new Date(issuer.certificate.validTo),
  });
  await store.refuseExisting(role, name);
  const wanted = options.keyKind ?? DEFAULT_KEY_KIND;
  const key = (await leftOverKey(store, role, name)) ?? (await generatePrivateKey(wanted));
  const keyKind = keyKindOf(key) ?? wanted;
  checkStack(options.stack, { kind: keyKind, name: commonName }, issuer);
  const certificate = await signCertificate(
    {
      role,
      commonName,
      validity,
      publicKey: publicKeyDer(key),
      keyKind,
      ...(altNames ? { altNames: altNames.names } : {}),
      ...(options.crlUrl ? { crlUrl: options.crlUrl } : {}),
    },
    { issuer },
  );
  const record = await store.add(role, name, { certificate: chainPem(certificate, issuer), key: privateKeyPem(key) });
  return { record, paths: store.pathsOf(role, name), notes: [...(altNames?.notes ?? []), ...validity.notes] };
}

/** A key without a certificate is what a killed run leaves: its certificate is made now, so that no key is lost. */
async function leftOverKey(
  store: CertificateStore,
  role: CertificateRole,
  name: string,
): Promise<KeyObject | undefined> {
  if (!(await store.hasKey(role, name))) return undefined;
  const { key } = store.pathsOf(role, name);
  return readPrivateKey(await store.readKey(role, name), key);
}

/** The leaf and what must follow it in its file: the issuer, if it is no root, and what is between it and the root. */
export function chainPem(leaf: X509Certificate, { certificate, chain }: Issuer): string {
  const above = certificate.subject === certificate.issuer ? [] : [certificate, ...(chain ?? [])];
  return [leaf, ...above].map((c) => c.toString()).join('');
}
