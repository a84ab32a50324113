// The one way to register a command: typed ids, UserErrors shown with their action, bugs logged with their stack.
import * as vscode from 'vscode';
import { type CommandId, commands } from '../contributions/commands';
import type { SettingId, SettingValue } from '../contributions/settings';
import type { ContextKeys } from '../contributions/views';
import { CancelledError, FlashCancelled, UserError } from '../core/errors';
import type { Log } from './log';

/** Runs a command of ours by its typed id. */
export function runCommand(id: CommandId, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

export function readSetting<K extends SettingId>(id: K, scope?: vscode.ConfigurationScope): SettingValue<K> {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<SettingValue<K>>(id);
  if (value === undefined) throw new Error(`setting ${id} is not contributed`);
  return value;
}

/** Registers commands and shows what they throw. */
export class CommandRegistrar {
  constructor(
    private readonly subscriptions: vscode.Disposable[],
    private readonly log: Log,
  ) {}

  register(id: CommandId, run: (...args: unknown[]) => unknown): void {
    this.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          await this.report(id, error);
          return undefined;
        }
      }),
    );
  }

  /** Shows an error as every command does; for work that goes on after its command returned. */
  async report(id: CommandId, error: unknown): Promise<void> {
    if (error instanceof FlashCancelled) void vscode.window.showWarningMessage(`Stopped. ${error.boardState}`);
    if (error instanceof CancelledError) return;
    if (error instanceof UserError) {
      this.log.warn(`${id}: ${error.code}: ${error.message}`);
      const { action } = error;
      const choice = await vscode.window.showErrorMessage(error.message, ...(action?.command ? [action.title] : []));
      if (choice && action?.command) await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
      return;
    }
    this.log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const showLog = 'Show Log';
    const spec = commands[id];
    const choice = await vscode.window.showErrorMessage(
      `"${spec.title.replace('…', '')}" failed because of a bug in Secure IoT. The log has the details.`,
      showLog,
    );
    if (choice === showLog) this.log.show();
  }
}
