// Problems and quick fixes in sketches, mosquitto.conf and partition tables, for the files that are open.
import * as vscode from 'vscode';
import { isLintable } from '../../core/lint/lintable';
import type { LintProblem } from '../../core/lint/problem';

const DELAY_MS = 400;

export function registerLint(context: vscode.ExtensionContext): void {
  const found = vscode.languages.createDiagnosticCollection('secure-iot');
  const timers = new Map<string, NodeJS.Timeout>();
  const check = (document: vscode.TextDocument): void => {
    if (document.uri.scheme !== 'file' || !isLintable(document.fileName)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(async () => {
        timers.delete(key);
        const { lintFile } = await import('../../core/lint/lintFile');
        if (document.isClosed) return;
        found.set(
          document.uri,
          lintFile(document.fileName, document.getText()).map((one) => diagnostic(document, one)),
        );
      }, DELAY_MS),
    );
  };
  const forget = (document: vscode.TextDocument): void => {
    clearTimeout(timers.get(document.uri.toString()));
    timers.delete(document.uri.toString());
    found.delete(document.uri);
  };
  context.subscriptions.push(
    found,
    vscode.workspace.onDidOpenTextDocument(check),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)),
    vscode.workspace.onDidCloseTextDocument(forget),
    vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, new LintFixes(), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    {
      dispose: () => {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
  for (const document of vscode.workspace.textDocuments) check(document);
}

function diagnostic(document: vscode.TextDocument, problem: LintProblem): vscode.Diagnostic {
  const severity = problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const item = new vscode.Diagnostic(rangeOf(document, problem), problem.message, severity);
  item.source = 'Secure IoT';
  item.code = problem.rule;
  return item;
}

function rangeOf(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

class LintFixes implements vscode.CodeActionProvider {
  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const own = context.diagnostics.filter(({ source }) => source === 'Secure IoT');
    if (own.length === 0) return [];
    const { lintFile } = await import('../../core/lint/lintFile');
    return lintFile(document.fileName, document.getText()).flatMap((problem) => {
      const match = own.find(({ code, range }) => code === problem.rule && range.isEqual(rangeOf(document, problem)));
      if (!match || !problem.fix) return [];
      const action = new vscode.CodeAction(problem.fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, rangeOf(document, problem.fix), problem.fix.newText);
      action.diagnostics = [match];
      action.isPreferred = true;
      return [action];
    });
  }
}
