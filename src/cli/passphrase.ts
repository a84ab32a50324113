// Where the command line gets a passphrase, the authority's or that of a PKCS#12 file: a file, the environment, or a prompt without echo.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CancelledError, UserError } from '../core/errors';
import { fileError } from '../io/files/fileErrors';

interface Kind {
  readonly variable: string;
  readonly question: string;
  /** Code and text of the error where nobody can be asked. */
  readonly missing: readonly [code: string, message: string];
}

const authority: Kind = {
  variable: 'SECURE_IOT_CA_PASSPHRASE',
  question: 'Passphrase of the certificate authority: ',
  missing: [
    'passphrase',
    "The authority's passphrase is needed and nobody can be asked for it here. Give --passphrase-file FILE or set SECURE_IOT_CA_PASSPHRASE.",
  ],
};
const exported: Kind = {
  variable: 'SECURE_IOT_EXPORT_PASSPHRASE',
  question: 'Passphrase of the PKCS#12 file: ',
  missing: [
    'export-passphrase',
    'A PKCS#12 file needs a passphrase of its own. Give --export-passphrase-file FILE or set SECURE_IOT_EXPORT_PASSPHRASE.',
  ],
};

interface Asking {
  /** Asks twice, for a new passphrase. */
  readonly confirm?: boolean;
}

/** `file`: the value of --passphrase-file. */
export function readPassphrase(file: string | undefined, asking: Asking = {}): Promise<string> {
  return read(authority, file, asking);
}

/** Of a PKCS#12 file. `file`: the value of --export-passphrase-file. */
export function readExportPassphrase(file: string | undefined, asking: Asking = {}): Promise<string> {
  return read(exported, file, asking);
}

async function read({ variable, question, missing }: Kind, file: string | undefined, { confirm = false }: Asking) {
  if (file !== undefined) return fromFile(file);
  const fromEnvironment = process.env[variable];
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) throw new UserError(...missing);
  const passphrase = await prompt(question);
  if (confirm && (await prompt('Once more: ')) !== passphrase) {
    throw new UserError('passphrase', 'The two passphrases differ. Nothing was written; try again.');
  }
  return passphrase;
}

/** Runs `attempt` again with a passphrase where the file turns out to be PKCS#12. `file`: of --export-passphrase-file. */
export async function withFilePassphrase<T>(
  attempt: (passphrase?: string) => Promise<T>,
  file: string | undefined,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'pkcs12-passphrase')) throw error;
    return attempt(await readExportPassphrase(file));
  }
}

async function fromFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  const [line = ''] = text.split(/\r?\n/);
  if (line === '')
    throw new UserError('passphrase', `The first line of ${file} is empty; it should be the passphrase.`);
  return line;
}

/** A secret from the person at the terminal. Throws UserError where there is none; `instead`: what to do then. */
export async function askSecret(question: string, instead: string): Promise<string> {
  if (process.stdin.isTTY) return prompt(question);
  throw new UserError(
    'secret-needed',
    `${question.replace(/: $/, '')} is needed and nobody can be asked for it here: ${instead}.`,
  );
}

async function prompt(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question); // only now: the terminal has stopped to show what is typed
  const aborted = new AbortController();
  terminal.once('SIGINT', () => aborted.abort());
  try {
    return await terminal.question('', { signal: aborted.signal });
  } catch (error) {
    if (aborted.signal.aborted) throw new CancelledError();
    throw error;
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
