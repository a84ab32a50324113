// Makes an intermediate authority: signed by the root (or by another one), it signs brokers and devices in its place, so
// that the root's key can stay away from daily work. Boards keep trusting the root only.
import { UserError } from '../../core/errors';
import { profiles } from '../../core/pki/certificateProfile';
import { checkCommonName } from '../../core/pki/commonName';
import { fileNameOf } from '../../core/pki/fileName';
import type { InventoryRecord } from '../../core/pki/inventory';
import { DEFAULT_KEY_KIND, type KeyKind } from '../../core/pki/keyKind';
import type { NameConstraints } from '../../core/pki/nameConstraints';
import { validityFor } from '../../core/pki/validity';
import { type Issuer, signCertificate } from './certificateAuthority';
import { issuerNameOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';
import { chainPem, type Issued } from './issueCertificates';
import { checkPathLength } from './issuerLimits';
import { checkPassphrase, encryptedPrivateKeyPem, generatePrivateKey, publicKeyDer } from './keyPair';
import { firstCertificate } from './pemCertificates';

export interface IntermediateOptions {
  readonly commonName: string;
  /** Encrypts the new key. */
  readonly passphrase: string;
  readonly keyKind?: KeyKind;
  readonly days?: number;
  /** Authorities that may follow below it; 0 unless given: it signs leaves only. */
  readonly pathLength?: number;
  readonly nameConstraints?: NameConstraints;
}

/** Makes intermediates/<name>.crt (with the chain up to the root, without it) and .key (encrypted). */
export async function issueIntermediate(
  store: CertificateStore,
  issuer: Issuer,
  options: IntermediateOptions,
): Promise<Issued> {
  const commonName = checkCommonName(options.commonName);
  checkPassphrase(options.passphrase);
  const above = [
    issuer.certificate,
    ...(issuer.chain ?? []),
    firstCertificate((await store.readCa()).certificate, 'ca.crt'),
  ];
  if (above.some(({ subject }) => issuerNameOf(subject) === commonName)) {
    throw new UserError(
      'same-name',
      `"${commonName}" is the name of an authority above it. Two authorities of one name cannot be told apart: choose another.`,
    );
  }
  const pathLength = options.pathLength ?? 0;
  checkPathLength(issuer, pathLength);
  const name = fileNameOf(commonName);
  const validity = validityFor(new Date(), options.days ?? profiles.intermediate.days, {
    notBefore: new Date(issuer.certificate.validFrom),
    notAfter: new Date(issuer.certificate.validTo),
  });
  await store.refuseExisting('intermediate', name);
  if (await store.hasKey('intermediate', name)) {
    const { key } = store.pathsOf('intermediate', name);
    throw new UserError(
      'file-exists',
      `${key} lies there without its certificate. Move it away, or choose another name.`,
    );
  }
  const keyKind = options.keyKind ?? DEFAULT_KEY_KIND;
  const key = await generatePrivateKey(keyKind);
  const { nameConstraints } = options;
  const certificate = await signCertificate(
    {
      role: 'intermediate',
      commonName,
      validity,
      publicKey: publicKeyDer(key),
      keyKind,
      pathLength,
      ...(nameConstraints ? { nameConstraints } : {}),
    },
    { issuer },
  );
  const record = await store.add('intermediate', name, {
    certificate: chainPem(certificate, issuer),
    key: await encryptedPrivateKeyPem(key, options.passphrase),
  });
  return {
    record,
    paths: store.pathsOf('intermediate', name),
    notes: [...notesFor(nameConstraints), ...validity.notes],
  };
}

function notesFor(constraints: NameConstraints | undefined): string[] {
  const chain =
    'What it signs carries its certificate along, leaf first; boards and brokers keep trusting ca/ca.crt alone.';
  if (!constraints) return [chain];
  return [
    chain,
    'OpenSSL, Node, Go and browsers hold it to its permitted names; Mbed TLS and BearSSL boards do not look at them. The extension is not marked critical, since these boards would then refuse the whole chain.',
  ];
}

/** The intermediate authority of `records` that issued `record`; undefined: the root did, or one that is not here. */
export function intermediateOf(records: readonly InventoryRecord[], record: InventoryRecord): string | undefined {
  return records.find((one) => one.role === 'intermediate' && one.name === record.issuer)?.name;
}
