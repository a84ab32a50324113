// Registers everything that explains what a board said: the view, the commands, hovers and links.
import * as vscode from 'vscode';
import type { CommandRegistrar } from '../commands';
import type { AnalyzeOptions } from './analyzeLogFile';
import type { ErrorFixOptions } from './applyErrorFix';
import { CodeHovers, CodeLinks } from './codesInDocument';
import type { DeviceErrorStore } from './deviceErrorStore';
import { DeviceErrorsView, type ErrorRow } from './deviceErrorsView';
import type { ExplainOptions } from './explainCommand';
import { EXPLAIN_SCHEME, ExplainDocuments } from './explainDocument';
import { ProjectFirmware } from './projectFirmware';
import { ProjectRepairs } from './projectRepairs';
import type { BacktraceOptions } from './resolveBacktrace';

export function registerDecoding(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  store: DeviceErrorStore,
): void {
  const documents = new ExplainDocuments();
  const firmware = new ProjectFirmware();
  const repairs = new ProjectRepairs();
  const view = new DeviceErrorsView(store, repairs);
  const anyFile: vscode.DocumentSelector = [
    { scheme: 'file' },
    { scheme: 'untitled' },
    { scheme: 'vscode-remote' },
    { scheme: 'output' },
  ];
  context.subscriptions.push(
    documents,
    view,
    vscode.workspace.registerTextDocumentContentProvider(EXPLAIN_SCHEME, documents),
    vscode.window.registerTreeDataProvider('secureIot.deviceErrors', view),
    vscode.languages.registerHoverProvider(anyFile, new CodeHovers(firmware, repairs)),
    vscode.languages.registerDocumentLinkProvider(anyFile, new CodeLinks(firmware)),
  );
  commands.register('secureIot.explainErrorCode', async (options) => {
    const { explainErrorCode } = await import('./explainCommand');
    await explainErrorCode(documents, firmware, repairs, isOptions(options) ? options : {});
  });
  commands.register('secureIot.applyErrorFix', async (options) => {
    const { applyErrorFix } = await import('./applyErrorFix');
    await applyErrorFix(repairs, options as ErrorFixOptions);
  });
  commands.register('secureIot.analyzeLogFile', async (options) => {
    const { analyzeLogFile } = await import('./analyzeLogFile');
    await analyzeLogFile(
      documents,
      firmware,
      options instanceof vscode.Uri ? { file: options } : ((options ?? {}) as AnalyzeOptions),
    );
  });
  commands.register('secureIot.resolveBacktrace', async (row) => {
    const { resolveBacktrace } = await import('./resolveBacktrace');
    const error = (row as Extract<ErrorRow, { kind: 'error' }> | undefined)?.error;
    const { crash } = error ?? {};
    const given = error ? { text: error.line, ...(crash && { crash }) } : (row as BacktraceOptions | undefined);
    await resolveBacktrace(documents, given ?? {});
  });
  commands.register('secureIot.clearDeviceErrors', () => store.clear());
  commands.register('secureIot.copyErrorReport', async (row) => {
    const { error } = row as Extract<ErrorRow, { kind: 'error' }>;
    const { bugReport } = await import('../../core/decode/explanationMarkdown');
    await vscode.env.clipboard.writeText(bugReport(error.finding, error.line, error.count));
    vscode.window.setStatusBarMessage('Error report copied, secrets left out.', 4000);
  });
}

/** A view's title button hands over nothing of ours. */
function isOptions(value: unknown): value is ExplainOptions {
  return typeof value === 'object' && value !== null && ('code' in value || 'finding' in value);
}
