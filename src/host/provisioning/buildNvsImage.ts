// Build NVS Image…: which CSV of the workspace, which size; the image is written beside the CSV.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { parseOffset } from '../../core/firmware/flashFile';
import { ignoreInWorkspace } from '../ignoreInWorkspace';

/** Every answer given here is not asked for. */
export interface BuildNvsOptions {
  /** Absolute path of the CSV. */
  readonly csv?: string;
  /** Bytes, as in the partition table. */
  readonly size?: number;
}

const DEFAULT_SIZE = '0x6000';
const COLUMNS = ['key', 'type', 'encoding', 'value'];

/** Resolves to the path of the image. */
export async function buildNvsImageFile(options: BuildNvsOptions): Promise<string> {
  const csv = options.csv ?? (await pickCsv());
  const size = options.size ?? (await askSize());
  const output = path.join(path.dirname(csv), `${path.basename(csv, path.extname(csv))}.bin`);
  const ignored = await ignoreInWorkspace(output);
  const image = await build(csv, output, size);
  void vscode.window.showInformationMessage(
    `Wrote ${vscode.workspace.asRelativePath(output)}: ${image.length} bytes for the NVS partition. It holds what the CSV holds, keys included: ${ignored ? 'git ignores it.' : 'keep it out of git.'}`,
  );
  return output;
}

/** The name is ours, not the person's: what has it already is replaced when they say so. */
async function build(csv: string, output: string, size: number): Promise<Uint8Array> {
  const { buildNvsFile } = await import('../../io/provisioning/nvsFiles');
  try {
    return await buildNvsFile(csv, output, size);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'file-exists') throw error;
  }
  const replace = 'Replace';
  const name = vscode.workspace.asRelativePath(output);
  const choice = await vscode.window.showWarningMessage(
    `Replace ${name}?`,
    {
      modal: true,
      detail: 'It is there already, and it is no NVS image made from a CSV. What it holds would be lost.',
    },
    replace,
  );
  if (choice !== replace) throw new CancelledError();
  return buildNvsFile(csv, output, size, { force: true });
}

async function pickCsv(): Promise<string> {
  const found = await vscode.workspace.findFiles('**/*.csv', '**/{node_modules,build,.pio}/**', 200);
  const local = found.filter(({ scheme }) => scheme === 'file');
  const heads = await Promise.all(local.map(readHead));
  const files = local.filter((_, index) => COLUMNS.every((name) => heads[index]?.includes(name)));
  if (files.length === 0)
    throw new UserError(
      'no-nvs-csv',
      'No CSV for NVS in this workspace. Its first line is: key,type,encoding,value. The firmware template "nvs" brings one.',
    );
  const chosen = await vscode.window.showQuickPick(
    files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), file: uri.fsPath })),
    { title: 'Build NVS Image', placeHolder: 'CSV', ignoreFocusOut: true },
  );
  if (!chosen) throw new CancelledError();
  return chosen.file;
}

async function readHead(uri: vscode.Uri): Promise<readonly string[]> {
  const text = new TextDecoder().decode((await vscode.workspace.fs.readFile(uri)).subarray(0, 4096));
  const first = text.split(/\r?\n/).find((line) => !line.startsWith('#') && line.trim() !== '');
  return (first ?? '').split(',').map((name) => name.trim());
}

async function askSize(): Promise<number> {
  const text = await vscode.window.showInputBox({
    title: 'Build NVS Image',
    prompt: 'Size of the NVS partition, as in the partition table',
    value: DEFAULT_SIZE,
    ignoreFocusOut: true,
    validateInput: (value) => (/^(0x[0-9a-f]+|\d+)$/i.test(value.trim()) ? undefined : 'A number such as 0x6000'),
  });
  if (text === undefined) throw new CancelledError();
  return parseOffset(text.trim());
}
