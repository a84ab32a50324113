// Renews a certificate: same name, same purpose, a new term, with a new key or the old one. The old files stay.
import type { KeyObject } from 'node:crypto';
import { UserError } from '../../core/errors';
import type { BoardStackId } from '../../core/pki/boardStack';
import { profiles } from '../../core/pki/certificateProfile';
import { parseHostNames } from '../../core/pki/hostNames';
import type { InventoryRecord } from '../../core/pki/inventory';
import { DEFAULT_KEY_KIND } from '../../core/pki/keyKind';
import { altNamesFor } from '../../core/pki/subjectAltNames';
import { validityFor } from '../../core/pki/validity';
import { parseCertificate } from '../../core/x509/certificate';
import { crlUrls } from '../../core/x509/crlDistribution';
import { type Issuer, signCertificate } from './certificateAuthority';
import { hostsOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';
import { chainPem, type Issued } from './issueCertificates';
import { checkIssuable, checkStack } from './issuerLimits';
import { generatePrivateKey, keyKindOf, privateKeyPem, publicKeyDer, readPrivateKey } from './keyPair';
import { firstCertificate } from './pemCertificates';

export interface RenewOptions {
  readonly days?: number;
  /** Keep the key, for a board whose key cannot be changed. A certificate made from a CSR always keeps its key. */
  readonly sameKey?: boolean;
  /** For the key of a signing request instead, which the board made and keeps; the old key goes to the dated copies. */
  readonly requestedKey?: KeyObject;
  /** Names to add to a broker certificate. */
  readonly addHosts?: readonly string[];
  readonly stack?: BoardStackId;
  /** Instead of the one in the old certificate. */
  readonly crlUrl?: string;
  /** For tests. */
  readonly now?: Date;
}

/** Renews the leaf that `record` describes. Throws UserError for an authority, whose renewal every board must get. */
export async function renewCertificate(
  store: CertificateStore,
  issuer: Issuer,
  record: InventoryRecord,
  options: RenewOptions = {},
): Promise<Issued> {
  const { role } = record;
  if (profiles[role].isAuthority) {
    throw new UserError(
      'renew-authority',
      "An authority is not renewed in place: every board holds its certificate. Make a new authority in another folder, put both certificates on the boards, then move the broker's certificate over.",
    );
  }
  const now = options.now ?? new Date();
  const name = fileStem(record.file);
  const paths = store.pathsOf(role, name);
  const old = firstCertificate(await store.readCertificate(role, name), paths.certificate);
  const days = options.days ?? profiles[role].days;
  const validity = validityFor(now, days, {
    notBefore: new Date(issuer.certificate.validFrom),
    notAfter: new Date(issuer.certificate.validTo),
  });
  const oldKey = (await store.hasKey(role, name))
    ? readPrivateKey(await store.readKey(role, name), paths.key)
    : undefined;
  const { requestedKey } = options;
  const newKey = oldKey && !options.sameKey && !requestedKey ? await sameKind(oldKey) : undefined;
  const publicKey: KeyObject = requestedKey ?? newKey ?? old.publicKey;
  const hosts = [...hostsOf(old), ...(options.addHosts ?? [])];
  const altNames = hosts.length > 0 ? altNamesFor(parseHostNames(hosts), options.stack ?? 'any') : undefined;
  checkIssuable(issuer, record.name, altNames?.names);
  const crlUrl = options.crlUrl ?? crlUrls(parseCertificate(old.raw).extensions)[0];
  const keyKind = keyKindOf(publicKey) ?? DEFAULT_KEY_KIND;
  checkStack(options.stack, { kind: keyKind, name: record.name }, issuer);
  const certificate = await signCertificate(
    {
      role,
      commonName: record.name,
      validity,
      publicKey: publicKeyDer(publicKey),
      keyKind,
      ...(altNames ? { altNames: altNames.names } : {}),
      ...(crlUrl ? { crlUrl } : {}),
    },
    { issuer },
  );
  const key = newKey ? { key: privateKeyPem(newKey) } : requestedKey ? { key: null } : {};
  const pem = { certificate: chainPem(certificate, issuer), ...key };
  const renewed = await store.replace(role, name, pem, now);
  return { record: renewed, paths, notes: [...(altNames?.notes ?? []), ...validity.notes] };
}

function sameKind(key: KeyObject): Promise<KeyObject> {
  return generatePrivateKey(keyKindOf(key) ?? DEFAULT_KEY_KIND);
}

/** "broker/localhost.crt" -> "localhost". */
function fileStem(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.crt$/, '');
}
