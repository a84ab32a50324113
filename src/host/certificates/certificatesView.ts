// The Certificates view: the authority, then brokers, devices and operators, each with the day it ends. Reads only.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { CertificateRole } from '../../core/pki/certificateProfile';
import { type ExpiryGrade, expiryGrade, expiryText } from '../../core/pki/expiry';
import type { InventoryRecord } from '../../core/pki/inventory';
import type { CertificateUses } from '../../io/pki/certificateUses';
import { findCertificatesFolder } from './certificatesFolder';
import type { ExpiryWarnings } from './expiryWarnings';

export type CertificateRow =
  | { readonly kind: 'group'; readonly role: CertificateRole; readonly records: readonly InventoryRecord[] }
  | {
      readonly kind: 'certificate';
      readonly record: InventoryRecord;
      readonly folder: string;
      readonly uses?: CertificateUses;
    }
  | { readonly kind: 'problem'; readonly message: string };

const GROUPS: Readonly<Record<CertificateRole, { readonly title: string; readonly icon: string }>> = {
  authority: { title: 'Authority', icon: 'shield' },
  intermediate: { title: 'Intermediate Authorities', icon: 'shield' },
  broker: { title: 'Brokers', icon: 'server' },
  device: { title: 'Devices', icon: 'circuit-board' },
  operator: { title: 'Operators', icon: 'account' },
};

const REFRESH_MS = 300;

export class CertificatesView implements vscode.TreeDataProvider<CertificateRow> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private timer: NodeJS.Timeout | undefined;
  private folder = '';
  /** Of all roles: where an authority is used follows from what it signed. */
  private records: readonly InventoryRecord[] = [];

  constructor(private readonly warnings: ExpiryWarnings) {}

  /** Soon, and once for many changes. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changed.fire(undefined);
    }, REFRESH_MS);
  }

  /** Brings the warnings up to date where nobody looks at the view. */
  async checkExpiry(): Promise<void> {
    await this.roots();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  async getChildren(row?: CertificateRow): Promise<CertificateRow[]> {
    if (!row) return this.roots();
    if (row.kind !== 'group') return [];
    const { certificateUses } = await import('../../io/pki/certificateUses');
    const { openCertificateStore } = await import('../../io/pki/certificateStore');
    const usesOf = await certificateUses(openCertificateStore(this.folder), this.records);
    return row.records.map((record) => ({ kind: 'certificate', record, folder: this.folder, uses: usesOf(record) }));
  }

  getTreeItem(row: CertificateRow): vscode.TreeItem {
    switch (row.kind) {
      case 'group':
        return groupItem(row.role, row.records, Date.now());
      case 'certificate':
        return certificateItem(row, Date.now());
      case 'problem': {
        const item = new vscode.TreeItem(row.message);
        item.iconPath = new vscode.ThemeIcon('warning');
        item.tooltip = row.message;
        return item;
      }
    }
  }

  private async roots(): Promise<CertificateRow[]> {
    const folder = findCertificatesFolder();
    if (!folder) return [];
    this.folder = folder.path;
    const { openCertificateStore } = await import('../../io/pki/certificateStore');
    const store = openCertificateStore(folder.path);
    try {
      const records = (await store.list()).filter((r) => r.status !== 'replaced');
      this.records = records;
      const { revocationListDates } = await import('../../io/pki/revocationListDates');
      this.warnings.update(records, await revocationListDates(store), folder.path);
      const authorities = records.filter((r) => r.role === 'authority');
      const groups = (['intermediate', 'broker', 'device', 'operator'] as const).map((role) => ({
        kind: 'group' as const,
        role,
        records: records.filter((r) => r.role === role),
      }));
      return [
        ...authorities.map((record) => ({ kind: 'certificate' as const, record, folder: folder.path })),
        ...groups.filter((group) => group.records.length > 0),
      ];
    } catch (error) {
      if (error instanceof UserError) return [{ kind: 'problem', message: error.message }];
      throw error;
    }
  }
}

function groupItem(role: CertificateRole, records: readonly InventoryRecord[], nowMs: number): vscode.TreeItem {
  const state =
    role === 'device' && records.length > 50
      ? vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.Expanded;
  const item = new vscode.TreeItem(GROUPS[role].title, state);
  item.id = `group:${role}`;
  const worrying = records.filter((r) => ['soon', 'expired'].includes(expiryGrade(r, nowMs))).length;
  item.description = `${records.length}${worrying > 0 ? `, ${worrying} to renew` : ''}`;
  item.contextValue = `certificates.${role}`;
  return item;
}

function certificateItem(
  { record, folder, uses }: CertificateRow & { readonly kind: 'certificate' },
  nowMs: number,
): vscode.TreeItem {
  const grade = expiryGrade(record, nowMs);
  const item = new vscode.TreeItem(record.name);
  const uri = vscode.Uri.file(path.join(folder, record.file));
  item.id = `${record.file}:${record.serial}`;
  item.description = expiryText(record, nowMs);
  item.iconPath = iconOf(record.role, grade);
  item.tooltip = tooltipOf(record, uses);
  item.contextValue = `certificate.${record.role}.${grade === 'revoked' ? 'revoked' : 'valid'}`;
  item.command = { command: 'secureIot.inspectCertificate', title: 'Inspect', arguments: [uri] };
  item.accessibilityInformation = { label: `${record.role} ${record.name}, ${expiryText(record, nowMs)}` };
  return item;
}

function iconOf(role: CertificateRole, grade: ExpiryGrade): vscode.ThemeIcon {
  if (grade === 'soon') return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (grade === 'expired' || grade === 'revoked') {
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  }
  return new vscode.ThemeIcon(GROUPS[role].icon);
}

function tooltipOf(record: InventoryRecord, uses: CertificateUses | undefined): vscode.MarkdownString {
  const rows = [
    ['Issued by', record.issuer],
    ['Names', record.hosts?.join(', ')],
    ['Valid', `${record.notBefore.slice(0, 10)} to ${record.notAfter.slice(0, 10)}`],
    ['Serial', record.serial],
    ['SHA-256', record.fingerprint],
    ['File', record.file],
    ['Built into', uses?.sketches.join(', ')],
    ['On boards', uses?.boards.join(', ')],
    ['Revoked', record.revokedAt && `${record.revokedAt.slice(0, 10)} (${record.reason ?? 'unspecified'})`],
  ].filter((row): row is [string, string] => Boolean(row[1]));
  const text = new vscode.MarkdownString().appendText(record.name);
  for (const [key, value] of rows) text.appendMarkdown(`\n\n**${key}:** `).appendText(value);
  return text;
}
