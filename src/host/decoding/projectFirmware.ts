// The firmware of the workspace, as far as its files tell: asked when a decoder is made.
import * as vscode from 'vscode';
import type { DecoderOptions } from '../../core/decode/decoder';

export async function projectFirmware(): Promise<DecoderOptions> {
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (roots.length === 0) return {};
  const { readFirmwareOptions } = await import('../../io/projectFirmware');
  return readFirmwareOptions(
    roots.map(({ uri }) => uri.fsPath),
    vscode.window.activeTextEditor?.document.uri.fsPath,
  );
}
