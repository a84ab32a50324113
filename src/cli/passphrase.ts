// Where the command line gets a passphrase, the authority's or that of a PKCS#12 file: a file, the environment, or a prompt without echo.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CancelledError, UserError } from '../core/errors';
import { fileError } from '../io/files/fileErrors';

const VARIABLE = 'SECURE_IOT_CA_PASSPHRASE';

/** `file`: the value of --passphrase-file. `confirm`: ask twice, for a new passphrase. */
export async function readPassphrase(file: string | undefined, { confirm = false } = {}): Promise<string> {
  if (file !== undefined) return fromFile(file);
  const fromEnvironment = process.env[VARIABLE];
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new UserError(
      'passphrase',
      `The authority's passphrase is needed and nobody can be asked for it here. Give --passphrase-file FILE or set ${VARIABLE}.`,
    );
  }
  const passphrase = await prompt('Passphrase of the certificate authority: ');
  if (confirm && (await prompt('Once more: ')) !== passphrase) {
    throw new UserError('passphrase', 'The two passphrases differ. Nothing was written; try again.');
  }
  return passphrase;
}

const EXPORT_VARIABLE = 'SECURE_IOT_EXPORT_PASSPHRASE';

/** Of a PKCS#12 file. `file`: the value of --export-passphrase-file. `confirm`: ask twice, for a new one. */
export async function readExportPassphrase(file: string | undefined, { confirm = false } = {}): Promise<string> {
  if (file !== undefined) return fromFile(file);
  const fromEnvironment = process.env[EXPORT_VARIABLE];
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new UserError(
      'export-passphrase',
      `A PKCS#12 file needs a passphrase of its own. Give --export-passphrase-file FILE or set ${EXPORT_VARIABLE}.`,
    );
  }
  const passphrase = await prompt('Passphrase of the PKCS#12 file: ');
  if (confirm && (await prompt('Once more: ')) !== passphrase) {
    throw new UserError('passphrase', 'The two passphrases differ. Nothing was written; try again.');
  }
  return passphrase;
}

/** Runs `read` again with a passphrase where the file turns out to be PKCS#12. `file`: of --export-passphrase-file. */
export async function withFilePassphrase<T>(
  read: (passphrase?: string) => Promise<T>,
  file: string | undefined,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'pkcs12-passphrase')) throw error;
    return read(await readExportPassphrase(file));
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
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
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
