// Registers the Boards view and its commands.
import * as vscode from 'vscode';
import { flashTask } from '../../contributions/tasks';
import type { PortOwnership } from '../../io/serial/portOwnership';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import { MarkdownPages } from '../markdownPages';
import type { BoardVitals } from '../monitor/boardVitals';
import { type Board, saveAddresses } from './boardList';
import { BoardsView } from './boardsView';
import type { FlashBoardOptions } from './flashBoard';
import type { WritePartitionTableOptions } from './writePartitionTable';

const PAGE_SCHEME = 'secure-iot-board';

export function registerBoards(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  ports: PortOwnership,
  vitals: BoardVitals,
  log: Log,
): void {
  const view = new BoardsView(ports, vitals);
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
  const pages = new MarkdownPages(PAGE_SCHEME, 'Run the command again.');
  context.subscriptions.push(pages, vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, pages));
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
  commands.register('secureIot.flashBoard', async (options, selected) => {
    const { flashBoard } = await import('./flashBoard');
    const rows = (selected ?? []) as readonly Board[]; // of the view, where several are selected
    const addresses = rows.length > 1 ? { addresses: rows.map(({ address }) => address) } : {};
    return flashBoard(dependencies, { ...((options ?? {}) as FlashBoardOptions), ...addresses });
  });
  const addressOf = (options: unknown) => (options as { address?: string } | undefined)?.address;
  commands.register('secureIot.showChipInfo', async (options) => {
    const { showChipInfo } = await import('./chipInfoPage');
    return showChipInfo(dependencies, pages, addressOf(options));
  });
  commands.register('secureIot.showPartitionTable', async (options) => {
    const { showPartitionTable } = await import('./partitionTablePage');
    return showPartitionTable(dependencies, pages, (options ?? {}) as { address?: string; uri?: vscode.Uri });
  });
  commands.register('secureIot.editPartitionTable', async (options) => {
    const { editPartitionTable } = await import('./editPartitionTable');
    return editPartitionTable(dependencies, addressOf(options));
  });
  commands.register('secureIot.writePartitionTable', async (options) => {
    const { writePartitionTable } = await import('./writePartitionTable');
    return writePartitionTable(dependencies, (options ?? {}) as WritePartitionTableOptions);
  });
  context.subscriptions.push(
    vscode.languages.registerCodeLensProvider(
      { scheme: 'file', pattern: '**/*partition*.csv' },
      { provideCodeLenses: async (document) => (await import('./partitionLenses')).partitionLenses(document) },
    ),
  );
  commands.register('secureIot.backUpFlash', async (options) => {
    const { backUpFlash } = await import('./backUpFlash');
    return backUpFlash(dependencies, addressOf(options));
  });
  commands.register('secureIot.eraseFlash', async (options) => {
    const { eraseFlash } = await import('./eraseFlash');
    return eraseFlash(dependencies, addressOf(options));
  });
}
