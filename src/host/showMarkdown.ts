// Shows a Markdown document as VS Code's preview, or as text.
import * as vscode from 'vscode';

export async function showMarkdown(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // The built-in Markdown extension is switched off: the text itself is readable too.
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }
}
