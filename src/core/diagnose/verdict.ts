// The answer of a diagnosis: one cause with its evidence and what mends it, or an honest "not known".
import type { SourceRange } from './sourceSymbols';

export type CauseId =
  | 'host-unknown'
  | 'broker-down'
  | 'broker-unreachable'
  | 'plain-port'
  | 'plain-client'
  | 'not-tls'
  | 'broker-silent'
  | 'tls-version'
  | 'no-common-cipher'
  | 'no-ca'
  | 'damaged-ca'
  | 'wrong-ca'
  | 'ca-made-anew'
  | 'incomplete-chain'
  | 'not-a-ca'
  | 'fingerprint-mismatch'
  | 'host-name-mismatch'
  | 'expired'
  | 'board-clock'
  | 'weak-certificate'
  | 'wrong-purpose'
  | 'unreadable-certificate'
  | 'missing-client-certificate'
  | 'client-key-mismatch'
  | 'client-certificate-refused'
  | 'mqtt-refused'
  | 'nothing-wrong-from-here'
  | 'not-known';

export interface Evidence {
  readonly text: string;
  /** Where in the project it can be seen. */
  readonly at?: SourceRange;
}

/** Replaces `start` to `end` (UTF-16 offsets) of a file of the project. `create`: the file does not exist yet. */
export interface FileEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
  readonly create?: true;
}

interface FixBase {
  readonly title: string;
  /** A question to ask before it is done: what the user vouches for. */
  readonly confirm?: string;
}

export type ProposedFix = FixBase &
  (
    | { readonly kind: 'edit'; readonly edits: readonly FileEdit[] }
    /** Issue the broker's certificate again with these names added, and restart the broker. */
    | {
        readonly kind: 'reissue-broker-certificate';
        readonly broker: string;
        readonly dns: string;
        readonly ip?: string;
      }
    /** Take a device identity (or issue one) and write it into the sketch. */
    | { readonly kind: 'add-client-certificate'; readonly alsoRemove: readonly FileEdit[] }
    /** Turn a plain sketch into one with TLS: edits of its own, reviewed before they are made. */
    | { readonly kind: 'secure-sketch' }
    | { readonly kind: 'advice' }
  );

export interface Verdict {
  readonly cause: CauseId;
  /** `proven`: replayed or computed with the board's own files. `likely`: depends on what is not known. */
  readonly certainty: 'proven' | 'likely' | 'unknown';
  /** One or two sentences. */
  readonly title: string;
  /** What the board prints for it, where that is known. */
  readonly boardPrints?: string;
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly ProposedFix[];
  /** Causes that could not be ruled out. */
  readonly remaining: readonly string[];
}
