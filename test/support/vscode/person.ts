// The person in front of the fake VS Code: what was shown to them, and what they answer to prompts and notifications.
import assert from 'node:assert/strict';

export type NoticeKind = 'information' | 'warning' | 'error';

export interface Notice {
  readonly kind: NoticeKind;
  readonly message: string;
  readonly detail?: string;
  readonly buttons: readonly string[];
}

/** A quick pick or an input box that was answered. */
export interface Prompt {
  readonly title: string;
  readonly placeHolder?: string;
  readonly prompt?: string;
  /** What the input box proposed. */
  readonly value?: string;
  /** Labels of the rows of a quick pick. */
  readonly rows?: readonly string[];
  readonly password?: boolean;
}

interface Answer {
  readonly title: RegExp;
  /** A row's label, a text, `undefined` for Escape. */
  readonly text: string | undefined;
}

/** The answer that is the Back button. */
export const BACK = '(the Back button)';

export class Person {
  readonly notices: Notice[] = [];
  readonly prompts: Prompt[] = [];
  /** Titles of the open and save dialogs that were answered. */
  readonly dialogTitles: string[] = [];
  readonly progress: string[] = [];
  /** What each report added to the bar, in percent. */
  readonly increments: number[] = [];
  clipboard = '';
  private readonly pending: Answer[] = [];
  private readonly presses: { readonly message: RegExp; readonly button: string }[] = [];
  private readonly dialogs: (string | undefined)[] = [];

  /** Answers the next prompt whose title fits; an input box refuses what its validation refuses. */
  answers(title: RegExp, text: string | undefined): this {
    this.pending.push({ title, text });
    return this;
  }

  /** Presses the Back button of the next prompt whose title fits. */
  goesBack(title: RegExp): this {
    return this.answers(title, BACK);
  }

  /** Accepts what the prompt proposes: the input's value, or the first row. */
  accepts(title: RegExp): this {
    return this.answers(title, '');
  }

  /** Presses `button` on the next notification whose message fits. */
  press(message: RegExp, button: string): this {
    this.presses.push({ message, button });
    return this;
  }

  /** The path chosen in the next open or save dialog; `undefined` cancels it. */
  chooses(path: string | undefined): this {
    this.dialogs.push(path);
    return this;
  }

  /** Waits until a notification fits, and returns it. */
  async sees(message: RegExp, timeout = 5_000): Promise<Notice> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const found = this.notices.find((notice) => message.test(notice.message));
      if (found) return found;
      if (Date.now() > deadline)
        assert.fail(`no notification fits ${message}; there were: ${JSON.stringify(this.notices, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Fails where the test promised answers that nobody asked for. */
  wasAskedEverything(): void {
    assert.deepEqual(
      [
        ...this.pending.map(({ title }) => `prompt ${title}`),
        ...this.presses.map(({ message }) => `notice ${message}`),
      ],
      [],
    );
  }

  onNotice(notice: Notice): string | undefined {
    this.notices.push(notice);
    const index = this.presses.findIndex(({ message }) => message.test(notice.message));
    const [press] = index < 0 ? [] : this.presses.splice(index, 1);
    if (!press) return undefined;
    assert.ok(notice.buttons.includes(press.button), `"${notice.message}" has no button "${press.button}"`);
    return press.button;
  }

  onPrompt(prompt: Prompt): string | undefined {
    this.prompts.push(prompt);
    const heading = `${prompt.title} ${prompt.placeHolder ?? ''} ${prompt.prompt ?? ''}`;
    const index = this.pending.findIndex(({ title }) => title.test(heading));
    const [answer] = index < 0 ? [] : this.pending.splice(index, 1);
    assert.ok(
      answer,
      `nobody answers the prompt "${heading}"${prompt.rows ? ` (rows: ${prompt.rows.join(' | ')})` : ''}`,
    );
    return answer.text;
  }

  onDialog(title: string): string | undefined {
    assert.ok(this.dialogs.length > 0, `nobody answers the dialog "${title}"`);
    this.dialogTitles.push(title);
    return this.dialogs.shift();
  }
}
