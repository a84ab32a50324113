// The two kinds of question that New Secure Sketch… asks, with a Back button from the second one on. Escape cancels.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import type { Slot } from '../../core/firmware/templateParts';
import { BACK, type Step } from './guidedFlow';

interface Choice extends vscode.QuickPickItem {
  /** The answer that this row stands for; separators have none. */
  readonly value?: string;
}

/** One of `rows`; what was chosen before is preselected, else the first. */
export async function pick(
  step: Step,
  what: string,
  rows: readonly Choice[],
  placeholder = '',
): Promise<string | typeof BACK> {
  const box = vscode.window.createQuickPick<Choice>();
  box.items = rows;
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  const before = rows.find(({ value }) => value !== undefined && value === step.earlier);
  if (before) box.activeItems = [before];
  return answerOf(box, step, what, () => box.selectedItems[0]?.value);
}

/** A text; `refuse` gives the reason why it cannot be taken, while it is typed. */
export async function ask(
  step: Step,
  what: string,
  options: { readonly value: string; readonly prompt?: string; readonly password?: boolean },
  refuse: (text: string) => string | undefined,
): Promise<string | typeof BACK> {
  const box = vscode.window.createInputBox();
  box.value = step.earlier ?? options.value;
  box.prompt = options.prompt ?? '';
  box.password = options.password ?? false;
  const check = (text: string): string | undefined => {
    const reason = refuse(text);
    box.validationMessage = reason && sentence(reason);
    return reason === undefined ? text : undefined;
  };
  const watching = box.onDidChangeValue(check);
  try {
    return await answerOf(box, step, what, () => check(box.value));
  } finally {
    watching.dispose();
  }
}

/** A slot's value. */
export function askSlot(step: Step, slot: Slot, value: string, prompt = ''): Promise<string | typeof BACK> {
  const what = slot.title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return ask(step, what, { value, prompt, password: slot.secret === true }, (text) => {
    if (text === '') return slot.optional ? undefined : `${slot.title} is needed.`;
    return refuseSlotValue(slot.kind, text);
  });
}

/** Reasons end another sentence elsewhere; here each stands alone. */
function sentence(reason: string): string {
  return `${reason[0]?.toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`;
}

/** Shows `box` until `read` gives an answer. */
async function answerOf(
  box: vscode.QuickPick<Choice> | vscode.InputBox,
  { title, place, total }: Step,
  what: string,
  read: () => string | undefined,
): Promise<string | typeof BACK> {
  box.title = `${title}: ${what}`;
  box.step = place;
  box.totalSteps = total;
  box.ignoreFocusOut = true;
  box.buttons = place > 1 ? [vscode.QuickInputButtons.Back] : [];
  const subscriptions: vscode.Disposable[] = [box];
  try {
    return await new Promise((resolve, reject) => {
      subscriptions.push(
        box.onDidTriggerButton(() => resolve(BACK)),
        box.onDidHide(() => reject(new CancelledError())),
        box.onDidAccept(() => {
          const answer = read();
          if (answer !== undefined) resolve(answer);
        }),
      );
      box.show();
    });
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
  }
}
