// The Device Errors view: each kind of error once, with its count, causes and fixes below it.
import * as vscode from 'vscode';
import type { Fix } from '../../core/decode/finding';
import type { DeviceError, DeviceErrorStore } from './deviceErrorStore';
import type { ProjectRepairs } from './projectRepairs';

/** A row: an error, or a line of its explanation. */
export type ErrorRow =
  | { readonly kind: 'error'; readonly error: DeviceError }
  | { readonly kind: 'cause'; readonly text: string; readonly evidence: string | undefined }
  /** `edit` says what it changes in the project, where it is an edit. */
  | { readonly kind: 'fix'; readonly fix: Fix; readonly edit: string | undefined }
  | { readonly kind: 'times'; readonly error: DeviceError };

/** A board that fails in a loop must not redraw the view for every line. */
const REFRESH_MS = 250;

export class DeviceErrorsView implements vscode.TreeDataProvider<ErrorRow> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly store: DeviceErrorStore,
    private readonly repairs: ProjectRepairs,
  ) {
    this.subscription = store.onDidChange(() => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.changed.fire(undefined);
      }, REFRESH_MS);
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
    clearTimeout(this.timer);
  }

  getChildren(row?: ErrorRow): ErrorRow[] | Promise<ErrorRow[]> {
    if (!row) return this.store.list().map((error) => ({ kind: 'error', error }));
    return row.kind === 'error' ? this.explain(row.error) : [];
  }

  private async explain(error: DeviceError): Promise<ErrorRow[]> {
    const { finding } = error;
    const { causes, fixes } = finding.explanation;
    const edits = await this.repairs.titles(finding);
    return [
      ...causes.map(({ text, evidence }): ErrorRow => ({ kind: 'cause', text, evidence })),
      ...fixes.map((fix): ErrorRow => ({ kind: 'fix', fix, edit: edits.get(fix) })),
      { kind: 'times', error },
    ];
  }

  getTreeItem(row: ErrorRow): vscode.TreeItem {
    switch (row.kind) {
      case 'error':
        return errorItem(row.error);
      case 'cause':
        return causeItem(row.text, row.evidence);
      case 'fix':
        return row.edit === undefined ? fixItem(row.fix) : editItem(row.fix, row.edit);
      case 'times':
        return timesItem(row.error);
    }
  }
}

function errorItem(error: DeviceError): vscode.TreeItem {
  const { finding, board, count, lastMs } = error;
  const label = finding.code === finding.name ? finding.name : `${finding.code} ${finding.name}`;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = error.id;
  item.description = `${count > 1 ? `${count}× · ` : ''}${board} · ${clock(lastMs)}`;
  item.tooltip = new vscode.MarkdownString().appendText(`${finding.explanation.title}\n\n${error.line.trim()}`);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.contextValue = finding.name === 'Backtrace' || error.crash ? 'deviceErrorBacktrace' : 'deviceError';
  item.accessibilityInformation = { label: `${label}, ${finding.explanation.title}, seen ${count} times on ${board}` };
  item.command = { command: 'secureIot.explainErrorCode', title: 'Explain', arguments: [{ finding }] };
  return item;
}

function causeItem(text: string, evidence: string | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.iconPath = new vscode.ThemeIcon(evidence ? 'circle-filled' : 'circle-outline');
  item.tooltip = evidence ? `${text}\n\nSeen: ${evidence}` : text;
  item.contextValue = 'deviceErrorCause';
  return item;
}

function fixItem(fix: Fix): vscode.TreeItem {
  const item = new vscode.TreeItem(fix.text);
  item.iconPath = new vscode.ThemeIcon(fix.command ? 'run' : 'wrench');
  item.tooltip = fix.text;
  item.contextValue = fix.command ? 'deviceErrorFix' : 'deviceErrorAdvice';
  if (fix.command) item.command = { command: fix.command, title: fix.text };
  return item;
}

function editItem({ text, repairs }: Fix, edit: string): vscode.TreeItem {
  const item = new vscode.TreeItem(edit);
  item.iconPath = new vscode.ThemeIcon('edit');
  item.tooltip = `${text}\n\nShows the edit before it is made.`;
  item.contextValue = 'deviceErrorEdit';
  item.command = { command: 'secureIot.applyErrorFix', title: edit, arguments: [{ repairs }] };
  return item;
}

function timesItem({ count, firstMs, lastMs }: DeviceError): vscode.TreeItem {
  const item = new vscode.TreeItem(
    count === 1 ? `Seen once, at ${clock(firstMs)}` : `Seen ${count} times, from ${clock(firstMs)} to ${clock(lastMs)}`,
  );
  item.iconPath = new vscode.ThemeIcon('history');
  return item;
}

function clock(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString();
}
