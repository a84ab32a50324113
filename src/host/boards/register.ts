// Registers the Boards view and its commands.
import * as vscode from 'vscode';
import { flashTask } from '../../contributions/tasks';
import type { PortOwnership } from '../../io/portOwnership';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import { type Board, saveAddresses } from './boardList';
import { BoardsView } from './boardsView';
import type { FlashBoardOptions } from './flashBoard';

export function registerBoards(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  ports: PortOwnership,
  log: Log,
): void {
  const view = new BoardsView(ports);
  context.subscriptions.push(view);
  commands.register('secureIot.addBoardAddress', async (options) => {
    const { addBoardAddress } = await import('./addAddress');
    return addBoardAddress((options as { address?: string } | undefined)?.address);
  });
  commands.register('secureIot.removeBoardAddress', async (board) => {
    const { address } = board as Board;
    await saveAddresses((known) => known.filter((one) => one !== address));
  });
  commands.register('secureIot.refreshBoards', () => view.refresh());
  const dependencies = { memory: context.workspaceState, ports, log: log.child('boards') };
  let tasks: Promise<vscode.TaskProvider> | undefined;
  const loadTasks = () => {
    tasks ??= import('./flashTask').then(({ FlashTasks }) => new FlashTasks(dependencies));
    return tasks;
  };
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(flashTask.type, {
      provideTasks: async (token) => (await loadTasks()).provideTasks(token),
      resolveTask: async (task, token) => (await loadTasks()).resolveTask(task, token),
    }),
  );
  commands.register('secureIot.flashBoard', async (options) => {
    const { flashBoard } = await import('./flashBoard');
    return flashBoard(dependencies, (options ?? {}) as FlashBoardOptions);
  });
  commands.register('secureIot.showChipInfo', async (options) => {
    const { showChipInfo } = await import('./chipInfoPage');
    return showChipInfo(dependencies, (options as { address?: string } | undefined)?.address);
  });
}
