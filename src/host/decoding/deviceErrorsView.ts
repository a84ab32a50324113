// The Device Errors view: each kind of error once, with its count, causes and fixes below it.
import * as vscode from 'vscode';
import type { Fix } from '../../core/decode/finding';
import type { DeviceError, DeviceErrorStore } from './deviceErrorStore';

/** A row: an error, or a line of its explanation. */
export type ErrorRow =
  | { readonly kind: 'error'; readonly error: DeviceError }
  | { readonly kind: 'cause'; readonly text: string; readonly evidence: string | undefined }
  | { readonly kind: 'fix'; readonly fix: Fix }
  | { readonly kind: 'times'; readonly error: DeviceError };

/** A board that fails in a loop must not redraw the view for every line. */
const REFRESH_MS = 250;

export class DeviceErrorsView implements vscode.TreeDataProvider<ErrorRow> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscription: { dispose(): void };

  constructor(private readonly store: DeviceErrorStore) {
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

  getChildren(row?: ErrorRow): ErrorRow[] {
    if (!row) return this.store.list().map((error) => ({ kind: 'error', error }));
    if (row.kind !== 'error') return [];
    const { causes, fixes } = row.error.finding.explanation;
    return [
      ...causes.map(({ text, evidence }): ErrorRow => ({ kind: 'cause', text, evidence })),
      ...fixes.map((fix): ErrorRow => ({ kind: 'fix', fix })),
      { kind: 'times', error: row.error },
    ];
  }

  getTreeItem(row: ErrorRow): vscode.TreeItem {
    switch (row.kind) {
      case 'error':
        return errorItem(row.error);
      case 'cause':
        return causeItem(row.text, row.evidence);
      case 'fix':
        return fixItem(row.fix);
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
