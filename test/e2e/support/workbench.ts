// A person at VS Code: presses keys, reads what stands on the screen. Every wait has a deadline.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { chromiumArgs, chromiumPath } from '../../support/tools';

const PATIENCE_MS = 4_000;
const SCREENSHOTS = join(__dirname, '../../../test-output/screenshots');

export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly label: string,
  ) {}

  /** Opens `folder` in the VS Code at `url`; `label` names the screenshots. */
  static async open(url: string, folder: string, label: string): Promise<Workbench> {
    const executablePath = chromiumPath();
    if (!executablePath) throw new Error('Chromium is not installed: run "node scripts/prepareMachine.mjs" as root');
    const browser = await chromium.launch({ executablePath, args: chromiumArgs });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
    await page.waitForSelector('.monaco-workbench', { timeout: 90_000 });
    const workbench = new Workbench(browser, page, label);
    await page
      .getByRole('tab', { name: /Secure IoT/ })
      .first()
      .waitFor({ timeout: 60_000 });
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** Runs a command of ours by the palette, by its title. */
  async command(title: string, category = 'Secure IoT'): Promise<void> {
    const wanted = `${category}: ${title}`;
    const chosen = this.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: wanted }).first();
    // While VS Code starts, a command may not be in the list yet: a person would open the palette again.
    await this.until(
      async () => {
        try {
          await this.page.locator('.quick-input-widget:visible').waitFor({ state: 'detached', timeout: 2_000 });
          await this.page.keyboard.press('F1');
          await this.quickInput().fill(`>${wanted}`, { timeout: 4_000 });
          await chosen.waitFor({ timeout: 4_000 });
          await this.page.keyboard.press('Enter');
          await this.paletteClosed();
          return true;
        } catch {
          await this.page.keyboard.press('Escape');
          return undefined;
        }
      },
      30_000,
      async () => `the command palette runs "${wanted}"; ${await this.onScreen()}`,
    );
  }

  /** An Enter while the list is being filled is lost: the palette stays open, and a person sees that. */
  private async paletteClosed(): Promise<void> {
    const typed = async () =>
      (await this.quickInput().count()) === 0 ? '' : this.quickInput().inputValue({ timeout: 500 });
    await this.until(
      async () => !(await typed().catch(() => '')).startsWith('>') || undefined, // gone meanwhile: it closed
      4_000,
      () => 'the command palette closed',
    );
  }

  /** The palette's entries that begin with `title`. */
  async offered(title: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.quickInput().fill(`>${title}`);
    await this.page.waitForTimeout(1_500);
    const labels = await this.page.locator('.quick-input-list .monaco-list-row .label-name').allTextContents();
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget:visible').waitFor({ state: 'detached', timeout: 5_000 });
    return labels.filter((label) => label.startsWith(title));
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input').first();
  }

  /** Waits for a quick pick or input box whose title or placeholder has `text`. */
  async waitForPrompt(text: string | RegExp): Promise<void> {
    await this.page
      .locator('.quick-input-widget:visible')
      .filter({ has: this.page.getByText(text) })
      .or(this.page.locator('.quick-input-widget:visible').filter({ has: this.page.getByPlaceholder(text) }))
      .first()
      .waitFor({ timeout: 20_000 });
  }

  /** Answers the prompt titled `title`: picks the row with `text`, or replaces the input's text, then Enter. */
  async answer(title: string | RegExp, text?: string): Promise<void> {
    await this.waitForPrompt(title);
    if (text !== undefined) await this.quickInput().fill(text);
    await this.page.waitForTimeout(250); // the list filters a moment after the text changed
    await this.enter();
  }

  /**
   * Enter in the open prompt. A webview that gets the focus back when the palette closes can take it from the prompt
   * that opens then (microsoft/vscode#75209): a person sees no cursor in the box, and clicks it.
   */
  private async enter(): Promise<void> {
    const hasCursor = await this.page.evaluate(() => !!document.activeElement?.closest('.quick-input-widget'));
    if (!hasCursor && (await this.quickInput().count()) > 0) await this.quickInput().click({ timeout: PATIENCE_MS });
    await this.page.keyboard.press('Enter');
  }

  /** Answers the prompts by their titles in whatever order they come, until `done`. */
  async answerUntil(
    answers: readonly (readonly [RegExp, string?])[],
    done: () => boolean | Promise<boolean>,
  ): Promise<void> {
    const answered = new Map<RegExp, number>();
    // A list that is not filled yet takes no Enter: a person presses again.
    const isDue = (pattern: RegExp) => Date.now() - (answered.get(pattern) ?? 0) > PATIENCE_MS;
    await this.until(
      async () => {
        if (await done()) return true;
        const [title = ''] = await this.page
          .locator('.quick-input-widget:visible .quick-input-title')
          .allTextContents();
        const next = answers.find(([pattern]) => isDue(pattern) && pattern.test(title.replace(/^.*?: /, '')));
        if (!next) return undefined;
        answered.set(next[0], Date.now());
        if (next[1] !== undefined) await this.quickInput().fill(next[1]);
        await this.page.waitForTimeout(250);
        await this.enter();
        return undefined;
      },
      60_000,
      async () => `the questions were answered; ${await this.onScreen()}`,
    );
  }

  /** What a person sees of questions, notifications and the terminal: for the message of a wait that ended. */
  private async onScreen(): Promise<string> {
    const read = async (selector: string) =>
      (await this.page.locator(selector).allInnerTexts()).map((text) => text.trim()).filter(Boolean);
    const seen = {
      question: await read('.quick-input-widget:visible'),
      notifications: await read('.notification-toast'),
      dialog: await read('.monaco-dialog-box'),
      terminal: (await this.terminalText()).trim().split('\n').slice(-8),
    };
    return `on the screen: ${JSON.stringify(seen, undefined, 1)}`;
  }

  /** Opens our container in the side bar and waits for the view's title. */
  async showView(name: string): Promise<void> {
    await this.command(`Focus on ${name} View`, 'Secure IoT');
    await this.page.locator('.pane-header').filter({ hasText: name }).first().waitFor({ timeout: 20_000 });
    await this.page.waitForTimeout(500);
  }

  /** Waits for a notification with `text` and returns it. */
  async notification(text: string | RegExp, timeout = 30_000): Promise<Locator> {
    const toast = this.page.locator('.notification-toast').filter({ hasText: text }).first();
    await toast.waitFor({ timeout });
    return toast;
  }

  async clickInNotification(text: string | RegExp, button: string, timeout = 30_000): Promise<void> {
    const toast = await this.notification(text, timeout);
    await toast.getByRole('button', { name: button }).click();
  }

  /** Runs Flash Board… for `address` with the build in the workspace, until it says that it is verified. */
  async flash(address: string, screenshot?: string): Promise<void> {
    await this.command('Flash Board…');
    const flashed = this.page.locator('.notification-toast').filter({ hasText: /written and verified/ });
    // With one board and no other port the board is not asked for.
    await this.answerUntil(
      [[/^Flash Board$/, lastPart(address)], [/^firmware$/]],
      async () => (await flashed.count()) > 0,
    );
    await flashed.first().waitFor();
    if (screenshot) await this.screenshot(screenshot);
    await this.dismissNotifications();
  }

  async openMonitor(address: string): Promise<void> {
    await this.command('Open Serial Monitor…');
    const rows = this.page.locator('.terminal .xterm-rows');
    await this.answerUntil([[/Serial Monitor/, lastPart(address)]], async () => (await rows.count()) > 0);
  }

  /** Diagnoses, presses Apply Fix on `verdict`, answers its questions, and waits until the check after it is green. */
  async diagnoseAndFix(
    verdict: RegExp,
    { answers = [], seen }: { answers?: readonly (readonly [RegExp, string?])[]; seen?: () => Promise<void> } = {},
  ): Promise<void> {
    await this.command('Diagnose Connection…');
    await this.notification(verdict);
    await seen?.();
    await this.clickInNotification(verdict, 'Apply Fix');
    const works = this.page.locator('.notification-toast').filter({ hasText: /connection works from here/ });
    await this.answerUntil(answers, () => works.first().isVisible());
  }

  async openFile(name: string): Promise<void> {
    // By the Explorer: "Go to File" needs a ripgrep that the oldest server has not got here.
    await this.command('Show Explorer', 'View');
    const row = this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
    await row.waitFor({ timeout: 20_000 });
    await row.dblclick();
    await this.page.locator('.tab.active').filter({ hasText: name }).waitFor({ timeout: 20_000 });
  }

  async dismissNotifications(): Promise<void> {
    await this.command('Clear All Notifications', 'Notifications');
    // Done before the next step: what it tells must not be cleared with the old.
    await this.page
      .locator('.notification-toast')
      .first()
      .waitFor({ state: 'detached', timeout: 5_000 })
      .catch(() => {});
    await this.page.waitForTimeout(300);
  }

  /** The document of the webview whose tab has `title`: two frames down. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  /** The text of the visible terminal, read from its accessible rows. */
  async terminalText(): Promise<string> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('.terminal-wrapper.active .xterm-rows > div, .terminal .xterm-rows > div')]
        .map((row) => row.textContent ?? '')
        .join('\n'),
    );
  }

  async waitForTerminal(text: RegExp, timeout = 30_000): Promise<string> {
    return this.until(
      async () => {
        const shown = (await this.terminalText()).replace(/\u00a0/g, ' ');
        return text.test(shown) ? shown : undefined;
      },
      timeout,
      async () => `the terminal shows ${text}; it shows:\n${await this.terminalText()}`,
    );
  }

  /** Rests the mouse on `text` in the editor until a hover with `expected` shows. */
  async hover(text: RegExp, expected: RegExp): Promise<void> {
    const word = this.page.locator('.view-line').getByText(text).first();
    const shown = this.page.locator('.monaco-hover').getByText(expected).first();
    await this.until(
      async () => {
        await this.page.mouse.move(5, 5);
        await word.hover();
        return shown.waitFor({ timeout: 4_000 }).then(
          () => true,
          () => undefined,
        );
      },
      30_000,
      () => `a hover over ${text} shows ${expected}`,
    );
  }

  /** Polls until `probe` gives a value. */
  async until<T>(
    probe: () => Promise<T | undefined>,
    timeout: number,
    what: () => Promise<string> | string,
  ): Promise<T> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const value = await probe();
      if (value !== undefined) return value;
      if (Date.now() > deadline) throw new Error(`waited ${timeout} ms until ${await what()}`);
      await this.page.waitForTimeout(200);
    }
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.waitForTimeout(600); // notifications slide in
    await this.page.screenshot({ path: join(SCREENSHOTS, `${this.label}-${name}.png`) });
  }
}

/** `rfc2217://127.0.0.1:4000` -> `127.0.0.1:4000`: what a list filters well by. */
function lastPart(address: string): string {
  return address.replace(/^.*\//, '');
}
