// The evidence of a diagnosis: a virtual Markdown document (`secure-iot-diagnosis:`), one for each project.
import * as vscode from 'vscode';

export const DIAGNOSIS_SCHEME = 'secure-iot-diagnosis';

export class DiagnosisDocuments implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.path) ?? 'This diagnosis is gone. Run "Diagnose Connection…" again.\n';
  }

  uriOf(project: string): vscode.Uri {
    const path = `/Diagnosis of ${project.replace(/[^\w.\- ]+/g, '_')}.md`;
    return vscode.Uri.from({ scheme: DIAGNOSIS_SCHEME, path });
  }

  /** Keeps the newest text for a project; an open page follows it. */
  update(project: string, markdown: string): void {
    const uri = this.uriOf(project);
    this.pages.set(uri.path, markdown);
    this.changed.fire(uri);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
