// Certificates that end soon: in the Problems list at their files, and as one item in the status bar.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { expiryGrade, expiryText } from '../../core/pki/expiry';
import type { InventoryRecord } from '../../core/pki/inventory';

export class ExpiryWarnings {
  private readonly problems = vscode.languages.createDiagnosticCollection('secure-iot certificates');
  private item: vscode.StatusBarItem | undefined;

  /** Shows what of `records` (of the certificates folder `folder`) has ended or ends soon; clears what was shown. */
  update(records: readonly InventoryRecord[], folder: string): void {
    const nowMs = Date.now();
    const ending = records.filter((record) => ['soon', 'expired'].includes(expiryGrade(record, nowMs)));
    this.problems.clear();
    for (const record of ending) {
      const expired = expiryGrade(record, nowMs) === 'expired';
      const severity = expired ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
      const text = `The ${record.role} certificate "${record.name}" ${expiryText(record, nowMs)}. Renew it, and bring it to where it is used.`;
      const problem = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), text, severity);
      problem.source = 'Secure IoT';
      problem.code = expired ? 'certificate-expired' : 'certificate-expires-soon';
      this.problems.set(vscode.Uri.file(path.join(folder, record.file)), [problem]);
    }
    this.showItem(ending);
  }

  dispose(): void {
    this.problems.dispose();
    this.item?.dispose();
  }

  private showItem(ending: readonly InventoryRecord[]): void {
    if (ending.length === 0) {
      this.item?.hide();
      return;
    }
    this.item ??= vscode.window.createStatusBarItem('secureIot.expiry', vscode.StatusBarAlignment.Left);
    this.item.name = 'Secure IoT: certificates to renew';
    this.item.text = `$(shield) ${ending.length} to renew`;
    this.item.tooltip = `Certificates that ended or end soon: ${ending
      .slice(0, 10)
      .map((record) => record.name)
      .join(', ')}${ending.length > 10 ? ', …' : ''}`;
    this.item.command = 'secureIot.certificates.focus';
    this.item.show();
  }
}
