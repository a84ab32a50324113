// Explain Error Code…: a code typed, selected, or handed over by a view or a link, and its page.
import * as vscode from 'vscode';
import type { DecoderOptions } from '../../core/decode/decoder';
import type { Finding } from '../../core/decode/finding';
import { UserError } from '../../core/errors';
import { type ExplainDocuments, findingsPage } from './explainDocument';
import { offerEdits } from './offerEdits';
import type { ProjectFirmware } from './projectFirmware';
import type { ProjectRepairs } from './projectRepairs';

/** Each answer given here is not asked for. With `finding` its own explanation, evidence included, is shown. */
export interface ExplainOptions extends DecoderOptions {
  readonly code?: string;
  readonly finding?: Finding;
}

export async function explainErrorCode(
  documents: ExplainDocuments,
  firmware: ProjectFirmware,
  repairs: ProjectRepairs,
  options: ExplainOptions = {},
): Promise<void> {
  if (options.finding) return showFinding(documents, repairs, options.finding);
  const code = options.code ?? (await askForCode());
  if (!code) return;
  const { explainCode } = await import('../../core/decode/explainCode');
  const findings = explainCode(code, hasOptions(options) ? options : await firmware.options());
  if (findings.length === 0) {
    throw new UserError(
      'unknown-code',
      `"${code}" is no error code that Secure IoT knows. Give it as the board prints it, with the words around it, such as "start_ssl_client: -1".`,
      { title: 'Try Again', command: 'secureIot.explainErrorCode' },
    );
  }
  const [only, ...others] = findings;
  // Of several readings it is not known which one the board meant: then no edit is offered.
  if (only && others.length === 0) return showFinding(documents, repairs, only, code);
  await documents.show(code, await findingsPage(findings));
}

async function showFinding(
  documents: ExplainDocuments,
  repairs: ProjectRepairs,
  finding: Finding,
  title = finding.code,
): Promise<void> {
  const titles = await repairs.titles(finding);
  await documents.show(title, await findingsPage([finding], titles));
  void offerEdits(finding, titles);
}

function hasOptions({ platform, mbedtls, idf }: ExplainOptions): boolean {
  return platform !== undefined || mbedtls !== undefined || idf !== undefined;
}

function askForCode(): Thenable<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection).trim() : '';
  return vscode.window.showInputBox({
    title: 'Explain Error Code',
    prompt: 'The code as the board prints it, or the whole line',
    value: selected.length > 0 && selected.length < 500 ? selected : '-0x2700',
    placeHolder: '-0x2700, -9984, rc=-2, 0x8010, Exception (28)',
    ignoreFocusOut: true,
  });
}
