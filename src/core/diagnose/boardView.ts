// The question put to a board's certificate verifier, and its answer.
import type { Certificate } from '../x509/certificate';
import type { TlsStack, TlsStackId } from './tlsStack';

/** What Mbed TLS would set in its verify flags (MBEDTLS_X509_BADCERT_...), plus what stops it earlier. */
export type BoardObjection =
  | 'not-trusted'
  | 'name-mismatch'
  | 'expired'
  | 'not-yet-valid'
  | 'weak-hash'
  | 'weak-key'
  | 'key-usage'
  | 'extended-key-usage'
  | 'chain-too-long'
  | 'unknown-critical-extension'
  | 'no-chain'
  | 'time-unknown';

export interface BoardView {
  readonly stack: TlsStackId;
  readonly accepted: boolean;
  readonly objections: readonly BoardObjection[];
  /** Leaf first, up to the last certificate for which a parent was found. */
  readonly path: readonly Certificate[];
  /** The anchor that the path ends in; undefined when it ends in none. */
  readonly anchor?: Certificate;
  /** A trusted certificate that has the wanted issuer's name but not its key: the CA was made anew. */
  readonly sameNameOtherKey?: Certificate;
}

export interface BoardQuestion {
  readonly stack: TlsStackId;
  /** As the board holds them, in order. */
  readonly anchors: readonly Certificate[];
  /** As the broker sends it, leaf first, order kept: both stacks only look forward in it. */
  readonly chain: readonly Certificate[];
  /** Undefined: the board checks no name. */
  readonly hostName?: string | undefined;
  /** Epoch milliseconds on the board; undefined when its clock was never set. */
  readonly now?: number;
  /** Overrides the stack's default, for firmware built with MBEDTLS_HAVE_TIME_DATE. */
  readonly checksDates?: boolean;
  /** True when `parent`'s key verifies `child`'s signature. From node:crypto, in io. */
  readonly verifySignature: (child: Certificate, parent: Certificate) => boolean;
}

/** Does the stack accept keys of this kind and size in a certificate? */
export function keyIsStrong({ publicKey }: Certificate, stack: TlsStack): boolean {
  // A key that its certificate binds to RSASSA-PSS is read by none of them (oid_pk_alg; BearSSL's x509_minimal.t0).
  if (publicKey.algorithm === 'rsa') return publicKey.bits >= stack.minimumRsaBits;
  if (publicKey.algorithm === 'ec') return !stack.curves || stack.curves.includes(publicKey.curve ?? '');
  return false;
}
