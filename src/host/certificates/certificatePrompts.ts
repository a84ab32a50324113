// The questions of Generate Certificates…, each with an answer ready. Escape cancels in silence.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';

const TITLE = 'Generate Certificates';

/** `check` throws UserError for what cannot be used; its message is shown while typing. */
export async function askText(
  what: string,
  value: string,
  prompt: string,
  check: (text: string) => unknown,
  title = TITLE,
): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: `${title}: ${what}`,
    value,
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => check(text)),
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

/** Resolves to undefined when a passphrase should be generated. */
export async function askNewPassphrase(check: (text: string) => unknown): Promise<string | undefined> {
  const generate = {
    label: 'Generate a passphrase',
    detail: "Strong, and kept in VS Code's secret storage: you never type it. You can copy it afterwards.",
  };
  const own = {
    label: 'Choose a passphrase',
    detail: 'Kept in the secret storage too, for signing without a question.',
  };
  const chosen = await vscode.window.showQuickPick([generate, own], {
    title: `${TITLE}: passphrase of the authority's key`,
    ignoreFocusOut: true,
  });
  if (!chosen) throw new CancelledError();
  if (chosen === generate) return undefined;
  const answer = await vscode.window.showInputBox({
    title: `${TITLE}: passphrase of the authority's key`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => check(text)),
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

/** 192 random bits. */
export function newPassphrase(): string {
  return randomBytes(24).toString('base64url');
}

/** Of an encrypted file that leaves this computer; its reader types it. */
export async function askExportPassphrase(check: (text: string) => unknown): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: 'Passphrase of the PKCS#12 file',
    prompt: 'Whoever opens the file needs it. It is kept nowhere.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => check(text)),
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

/** What stands between commas. */
export function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
