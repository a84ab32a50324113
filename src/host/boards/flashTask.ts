// The task type `secure-iot-flash`: flashing as a task, so that a build task can go before it and F5 can depend on it.
import * as vscode from 'vscode';
import { flashTask } from '../../contributions/tasks';
import { CancelledError, FlashCancelled, UserError } from '../../core/errors';
import { progressText } from '../../core/firmware/flashProgress';
import { flashedText } from '../../core/firmware/flashText';
import { readSetting } from '../commands';
import { pickBoard } from './pickBoard';
import { absolute, findInWorkspace } from './pickFirmware';
import { type BoardDependencies, borrowBoardPort } from './withBoardPort';

/** As tasks.json has it; contributions.ts declares it. */
interface FlashTaskDefinition extends vscode.TaskDefinition {
  /** Without it the only board, or a question. */
  readonly address?: string;
  readonly files: readonly string[];
}

export class FlashTasks implements vscode.TaskProvider {
  constructor(private readonly dependencies: BoardDependencies) {}

  /** One for each build in the workspace. */
  async provideTasks(): Promise<vscode.Task[]> {
    const builds = await findInWorkspace();
    return builds.map(({ label, path }) => this.#task({ type: flashTask.type, files: [path] }, label));
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as FlashTaskDefinition;
    if (!Array.isArray(definition.files)) return undefined;
    return this.#task(definition, task.name, task.scope);
  }

  /** VS Code compares the definition: it must be handed back as it was given. */
  #task(definition: FlashTaskDefinition, name: string, scope: vscode.Task['scope'] = vscode.TaskScope.Workspace) {
    const task = new vscode.Task(
      definition,
      scope,
      name.startsWith('flash') ? name : `flash ${name}`,
      'secure-iot',
      new vscode.CustomExecution(async () => new FlashTerminal(definition, this.dependencies)),
    );
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }
}

class FlashTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #stop = new AbortController();

  constructor(
    private readonly definition: FlashTaskDefinition,
    private readonly dependencies: BoardDependencies,
  ) {}

  open(): void {
    this.#run().then(
      () => this.#closed.fire(0),
      (error: Error) => {
        const isBug = !(error instanceof UserError || error instanceof CancelledError);
        if (isBug) this.dependencies.log.error(error.stack ?? error.message);
        const stopped = error instanceof FlashCancelled ? `Stopped. ${error.boardState}` : 'Stopped.';
        this.#line(error instanceof CancelledError ? stopped : error.message);
        this.#closed.fire(1);
      },
    );
  }

  close(): void {
    this.#stop.abort();
  }

  handleInput(data: string): void {
    if (data === '\u0003') this.#stop.abort(); // Ctrl+C
  }

  async #run(): Promise<void> {
    const board = await pickBoard(this.dependencies.memory, 'Flash Board', this.definition.address);
    const { readFlashInputs } = await import('../../io/flash/flashInputs');
    const { flash } = await import('../../io/flash/espFlasher');
    const plan = await readFlashInputs(this.definition.files.map(absolute));
    const { result, canReset } = await borrowBoardPort(this.dependencies, board, 'flashing', (port, watched) =>
      flash(port, plan, {
        signal: this.#stop.signal,
        baudRate: readSetting('secureIot.flash.baudRate'),
        onlyChanged: readSetting('secureIot.flash.onlyChanged'),
        leaveInLoader: watched,
        log: (line) => this.#line(line),
        onProgress: (progress) => this.#written.fire(`\r\u001b[K${progressText(progress)}`),
      }),
    );
    for (const remark of result.remarks) this.#line(remark);
    this.#line(flashedText({ ...result, what: result.info.description, canReset }));
  }

  #line(text: string): void {
    this.#written.fire(`\r\u001b[K${text.replaceAll('\n', '\r\n')}\r\n`);
  }
}
