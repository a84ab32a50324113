// The ELF file of the workspace's newest build.
import * as vscode from 'vscode';

export async function newestElf(): Promise<string | undefined> {
  const { findElf } = await import('../../io/decode/addressResolver');
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const elf = uri.scheme === 'file' ? await findElf(uri.fsPath) : undefined;
    if (elf) return elf;
  }
  return undefined;
}
