// Which partitions.csv: the one that is named, that of the active editor, or one that is chosen.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { PARTITIONS } from '../../core/lint/lintable';

/** Unsaved changes included. */
export async function readPartitionDocument(title: string, uri?: vscode.Uri): Promise<vscode.TextDocument> {
  if (uri) return vscode.workspace.openTextDocument(uri);
  const active = vscode.window.activeTextEditor?.document;
  if (active && PARTITIONS.test(active.fileName)) return active;
  const [chosen] = (await vscode.window.showOpenDialog({ title, filters: { 'Partition table': ['csv'] } })) ?? [];
  if (!chosen) throw new CancelledError();
  return vscode.workspace.openTextDocument(chosen);
}
