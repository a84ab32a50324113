// One mistake found in a file, with the change that mends it where there is one.

export type LintRule =
  | 'insecure'
  | 'dangling-pointer'
  | 'wrong-platform-api'
  | 'private-key-in-source'
  | 'damaged-pem'
  | 'plain-port'
  | 'mosquitto-tls-version'
  | 'mosquitto-plain-listener'
  | 'partition-table';

export interface LintProblem {
  readonly rule: LintRule;
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to do, one or two sentences. */
  readonly message: string;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly fix?: { readonly title: string; readonly newText: string; readonly start: number; readonly end: number };
}
