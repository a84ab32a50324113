// Make Device Labels…: a page of labels for the boards that were provisioned, saved and opened in the browser to print.

import * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { makeLabelPage } from '../../io/provisioning/boardLabels';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { saveFile } from '../saveFile';

/** Resolves to where it went. */
export async function makeLabels(): Promise<string | undefined> {
  const { html, count } = await makeLabelPage(certificatesFolder().path);
  const target = await saveFile('labels.html', new TextEncoder().encode(html));
  if (target) void tell(target, count);
  return target?.fsPath;
}

async function tell(target: vscode.Uri, count: number): Promise<void> {
  const open = 'Open in Browser';
  const text = `${counted(count, 'label')} saved in ${vscode.workspace.asRelativePath(target)}.`;
  if ((await vscode.window.showInformationMessage(text, open)) === open) await vscode.env.openExternal(target);
}
