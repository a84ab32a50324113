// The terminal of a build task: the tool's output with paths that VS Code can find, or what keeps it from starting.
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { BuildRun } from '../../io/sketch/buildRun';

export class BuildTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  #running: BuildRun | undefined;
  #stopped = false;

  /** `folder`: the project's, absolute. */
  constructor(private readonly folder: string) {}

  open(): void {
    this.#run().then(
      (code) => this.#closed.fire(code),
      (error: Error) => {
        this.#line(error instanceof UserError ? error.message : `The build could not be run: ${error.message}`);
        this.#closed.fire(1);
      },
    );
  }

  close(): void {
    this.#stopped = true;
    this.#running?.stop();
  }

  handleInput(data: string): void {
    if (data === '\u0003') this.close(); // Ctrl+C
  }

  async #run(): Promise<number> {
    const { planBuild } = await import('../../io/sketch/buildPlan');
    const { runBuild } = await import('../../io/sketch/buildRun');
    const plan = await planBuild(this.folder);
    if (this.#stopped) return 1;
    this.#line(`${plan.title}: ${[plan.program, ...plan.args].join(' ')}`);
    this.#running = runBuild(plan, (line) => this.#line(line));
    return this.#running.ended;
  }

  #line(text: string): void {
    this.#written.fire(`${text}\r\n`);
  }
}
