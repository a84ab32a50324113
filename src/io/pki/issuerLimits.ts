// What an authority may not sign by its own certificate: clients would refuse it, so it is refused here, with the reason.
import type { X509Certificate } from 'node:crypto';
import { UserError } from '../../core/errors';
import { type BoardStackId, checkKeyForStack } from '../../core/pki/boardStack';
import type { KeyKind } from '../../core/pki/keyKind';
import { checkPermitted, decodeNameConstraints, NAME_CONSTRAINTS } from '../../core/pki/nameConstraints';
import type { AltName } from '../../core/pki/subjectAltNames';
import { parseCertificate } from '../../core/x509/certificate';
import type { Issuer } from './certificateAuthority';
import { issuerNameOf } from './certificateRecord';
import { keyKindOf } from './keyPair';

/** A leaf with these names. Without names OpenSSL takes a common name with a dot for one. */
export function checkIssuable(issuer: Issuer, commonName: string, names?: readonly AltName[]): void {
  const judged: readonly AltName[] = names ?? (commonName.includes('.') ? [{ type: 'dns', value: commonName }] : []);
  for (const authority of [issuer.certificate, ...(issuer.chain ?? [])]) {
    const extension = parseCertificate(authority.raw).extensions.find(({ oid }) => oid === NAME_CONSTRAINTS);
    if (extension) checkPermitted(judged, decodeNameConstraints(extension.value), issuerNameOf(authority.subject));
  }
}

/** Throws UserError "stack-algorithm" if boards with this stack could not use the leaf, or what is above it. */
export function checkStack(
  stack: BoardStackId | undefined,
  leaf: { kind: KeyKind; name: string },
  issuer: Issuer,
): void {
  if (stack === undefined) return;
  checkKeyForStack(stack, { ...leaf, isAuthority: false });
  for (const { publicKey, subject } of [issuer.certificate, ...(issuer.chain ?? [])]) {
    const kind = keyKindOf(publicKey);
    if (kind) checkKeyForStack(stack, { kind, name: issuerNameOf(subject), isAuthority: true });
  }
}

/** How many authorities may follow below `issuer`; undefined: any number. */
function pathLengthOf(authority: X509Certificate): number | undefined {
  return parseCertificate(authority.raw).basicConstraints?.pathLength;
}

/** Throws UserError "path-length" if `issuer` may not sign an authority that allows `wanted` authorities below itself. */
export function checkPathLength(issuer: Issuer, wanted: number): void {
  const allowed = pathLengthOf(issuer.certificate);
  if (allowed === undefined || wanted < allowed) return;
  const name = issuerNameOf(issuer.certificate.subject);
  throw new UserError(
    'path-length',
    allowed === 0
      ? `"${name}" may sign no other authority (its path length is 0). Let the root sign it.`
      : `"${name}" has path length ${allowed}, so an authority that it signs may have ${allowed - 1} at most.`,
  );
}
