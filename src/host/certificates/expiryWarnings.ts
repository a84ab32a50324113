// Certificates and revocation lists that end soon: in the Problems list at their files, and as one item in the status bar.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type ExpiryGrade, expiryGrade, expiryText } from '../../core/pki/expiry';
import type { InventoryRecord } from '../../core/pki/inventory';
import type { RevocationListDate } from '../../io/pki/revocationListDates';

interface Ending {
  readonly name: string;
  /** Relative to the certificates folder. */
  readonly file: string;
  readonly grade: ExpiryGrade;
  /** A sentence or two. */
  readonly text: string;
  /** What stands in front of "-expired" in the problem's code. */
  readonly kind: 'certificate' | 'revocation-list';
}

export class ExpiryWarnings {
  private readonly problems = vscode.languages.createDiagnosticCollection('secure-iot certificates');
  private item: vscode.StatusBarItem | undefined;

  /** Shows what of the folder's certificates and revocation lists has ended or ends soon; clears what was shown. */
  update(records: readonly InventoryRecord[], lists: readonly RevocationListDate[], folder: string): void {
    const nowMs = Date.now();
    const ending = [
      ...records.map((record) => certificateEnd(record, nowMs)),
      ...lists.map((list) => listEnd(list, nowMs)),
    ].filter(({ grade }) => grade === 'soon' || grade === 'expired');
    this.problems.clear();
    for (const file of new Set(ending.map((one) => one.file))) {
      const problems = ending.filter((one) => one.file === file).map(problemOf);
      this.problems.set(vscode.Uri.file(path.join(folder, file)), problems);
    }
    this.showItem(ending);
  }

  dispose(): void {
    this.problems.dispose();
    this.item?.dispose();
  }

  private showItem(ending: readonly Ending[]): void {
    if (ending.length === 0) {
      this.item?.hide();
      return;
    }
    this.item ??= vscode.window.createStatusBarItem('secureIot.expiry', vscode.StatusBarAlignment.Left);
    this.item.name = 'Secure IoT: certificates to renew';
    this.item.text = `$(shield) ${ending.length} to renew`;
    this.item.tooltip = `Certificates that ended or end soon: ${ending
      .slice(0, 10)
      .map(({ name }) => name)
      .join(', ')}${ending.length > 10 ? ', …' : ''}`;
    this.item.command = 'secureIot.certificates.focus';
    this.item.show();
  }
}

function certificateEnd(record: InventoryRecord, nowMs: number): Ending {
  const { name, role, file } = record;
  const text = `The ${role} certificate "${name}" ${expiryText(record, nowMs)}. Renew it, and bring it to where it is used.`;
  return { name, file, grade: expiryGrade(record, nowMs), text, kind: 'certificate' };
}

function listEnd({ issuer, nextUpdate }: RevocationListDate, nowMs: number): Ending {
  const record = { status: 'valid', notAfter: new Date(nextUpdate).toISOString() } as const;
  const text = `The revocation list of "${issuer}" ${expiryText(record, nowMs)}: a broker that reads it then refuses every client. Update Revocation List makes a new one.`;
  return {
    name: `list of ${issuer}`,
    file: 'ca/ca.crl',
    grade: expiryGrade(record, nowMs),
    text,
    kind: 'revocation-list',
  };
}

function problemOf({ grade, text, kind }: Ending): vscode.Diagnostic {
  const expired = grade === 'expired';
  const severity = expired ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const problem = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), text, severity);
  problem.source = 'Secure IoT';
  problem.code = `${kind}-${expired ? 'expired' : 'expires-soon'}`;
  return problem;
}
