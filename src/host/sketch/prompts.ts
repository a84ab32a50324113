// The two kinds of question that New Secure Sketch… asks. Escape cancels in silence.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import type { Slot } from '../../core/firmware/templateParts';

/** One of `items`; the first is preselected. */
export async function pick<T>(
  title: string,
  items: readonly T[],
  show: (item: T) => { label: string; description?: string; detail?: string },
): Promise<T> {
  const rows = items.map((item) => ({ ...show(item), item }));
  const chosen = await vscode.window.showQuickPick(rows, { title, ignoreFocusOut: true });
  if (!chosen) throw new CancelledError();
  return chosen.item;
}

/** A slot's value, checked while it is typed. */
export async function ask(slot: Slot, value: string): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: `New Secure Sketch: ${slot.title}`,
    value,
    password: slot.secret === true,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text === '') return slot.optional ? undefined : `${slot.title} is needed.`;
      const reason = refuseSlotValue(slot.kind, text);
      return reason ? `${reason[0]?.toUpperCase()}${reason.slice(1)}.` : undefined;
    },
  });
  if (answer === undefined) throw new CancelledError();
  return answer;
}
