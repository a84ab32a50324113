// The firmware of the workspace, as far as its files tell: asked when a decoder is made.
import * as vscode from 'vscode';
import type { DecoderOptions } from '../../core/decode/decoder';

/** Hovering over one code after another reads the project once. */
const GOOD_FOR_MS = 5000;

export class ProjectFirmware {
  private asked: { readonly key: string; readonly atMs: number; readonly options: Promise<DecoderOptions> } | undefined;

  /** Of the project that `file` (a path) lies in, by default the file being edited; else of the only project. */
  options(file = vscode.window.activeTextEditor?.document.uri.fsPath): Promise<DecoderOptions> {
    const roots = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const key = [file, ...roots].join('\n');
    if (this.asked?.key !== key || Date.now() - this.asked.atMs > GOOD_FOR_MS)
      this.asked = { key, atMs: Date.now(), options: read(roots, file) };
    return this.asked.options;
  }
}

async function read(roots: readonly string[], file: string | undefined): Promise<DecoderOptions> {
  if (roots.length === 0) return {};
  const { readFirmwareOptions } = await import('../../io/decode/projectFirmware');
  return readFirmwareOptions(roots, file);
}
