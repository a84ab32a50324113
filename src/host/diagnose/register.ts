// Registers Diagnose Connection…, its evidence document, and what its fixes need from other features.
import * as vscode from 'vscode';
import type { OwnConnections } from '../../io/network/ownConnections';
import { AuthorityPassphrase } from '../certificates/authorityPassphrase';
import type { CommandRegistrar } from '../commands';
import type { DiagnoseOptions } from './diagnoseConnection';
import { DIAGNOSIS_SCHEME, DiagnosisDocuments } from './diagnosisDocuments';

export interface LocalBrokerView {
  readonly running: { readonly port: number } | undefined;
  readonly own: OwnConnections;
}

export function registerDiagnose(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  localBroker: LocalBrokerView,
): void {
  const documents = new DiagnosisDocuments();
  const passphrases = new AuthorityPassphrase(context.secrets);
  context.subscriptions.push(
    documents,
    vscode.workspace.registerTextDocumentContentProvider(DIAGNOSIS_SCHEME, documents),
  );
  commands.register('secureIot.diagnoseConnection', async (options) => {
    const { diagnoseConnectionCommand } = await import('./diagnoseConnection');
    return diagnoseConnectionCommand({ documents, passphrases, localBroker, commands }, readOptions(options));
  });
}

/** A view's button hands over nothing of ours, the Explorer's context menu a Uri. */
function readOptions(value: unknown): DiagnoseOptions {
  if (value instanceof vscode.Uri) return { folder: value.fsPath };
  return typeof value === 'object' && value !== null ? (value as DiagnoseOptions) : {};
}
