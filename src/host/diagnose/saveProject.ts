// Saves what is typed but not saved: it would not be diagnosed, nor mended, nor built.
import * as path from 'node:path';
import * as vscode from 'vscode';

export async function saveProject(folder: string): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && document.uri.scheme === 'file' && document.uri.fsPath.startsWith(folder + path.sep))
      await document.save();
  }
}
