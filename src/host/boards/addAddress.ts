// Add Board Address…: a board on another machine or in an emulator, kept in the workspace's settings.
import * as vscode from 'vscode';
import { parseBoardAddress } from '../../core/boards/boardAddress';
import { CancelledError, UserError } from '../../core/errors';
import { saveAddresses } from './boardList';

const EXAMPLE = 'rfc2217://localhost:4000';

/** `address` skips the question. Returns what was added. */
export async function addBoardAddress(address?: string): Promise<string> {
  const text = address ?? (await ask());
  const wrong = refuse(text);
  if (wrong) throw new UserError('address-invalid', wrong);
  const clean = text.trim();
  await saveAddresses((known) => (known.includes(clean) ? known : [...known, clean]));
  return clean;
}

async function ask(): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: 'Add Board Address',
    prompt: 'rfc2217://host:port for a serial server (flashing and reset work), socket://host:port for raw bytes',
    value: EXAMPLE,
    valueSelection: ['rfc2217://'.length, EXAMPLE.length],
    ignoreFocusOut: true,
    validateInput: refuse,
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}

function refuse(text: string): string | undefined {
  try {
    const { kind } = parseBoardAddress(text);
    return kind === 'serial'
      ? 'Serial ports of this machine appear by themselves. Add rfc2217://host:port or socket://host:port.'
      : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
