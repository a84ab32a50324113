// A page cannot run commands: the edits that it names are offered beside it.
import * as vscode from 'vscode';
import type { Finding, Fix } from '../../core/decode/finding';
import { runCommand } from '../commands';

const SHOW = 'Show Edit';
const CHOOSE = 'Choose an Edit';

/** Nothing where no fix is an edit here. */
export async function offerEdits({ name }: Finding, titles: ReadonlyMap<Fix, string>): Promise<void> {
  const [first, ...more] = [...titles];
  if (!first) return;
  const text =
    more.length > 0
      ? `${name}: ${titles.size} changes of your project may mend this.`
      : `${name}: a change of your project may mend this. ${first[1]}.`;
  const button = more.length > 0 ? CHOOSE : SHOW;
  if ((await vscode.window.showInformationMessage(text, button)) !== button) return;
  const fix = more.length > 0 ? await choose(titles) : first[0];
  if (fix) await runCommand('secureIot.applyErrorFix', { repairs: fix.repairs });
}

async function choose(titles: ReadonlyMap<Fix, string>): Promise<Fix | undefined> {
  const rows = [...titles].map(([fix, label]) => ({ label, detail: fix.text, fix }));
  const choice = await vscode.window.showQuickPick(rows, { title: 'Apply the Fix of an Error: which edit?' });
  return choice?.fix;
}
