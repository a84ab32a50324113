// The Boards view: follows what is plugged in, but looks only while it is visible.
import * as vscode from 'vscode';
import type { PortOwnership } from '../../io/portOwnership';
import { type Board, listBoards } from './boardList';

const LOOK_MS = 2_000;

export class BoardsView implements vscode.TreeDataProvider<Board>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Board>;
  readonly #disposables: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #shown = '';
  #boards: Promise<Board[]> | undefined;

  constructor(private readonly ports: PortOwnership) {
    this.#view = vscode.window.createTreeView('secureIot.boards', { treeDataProvider: this });
    this.#disposables = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(({ visible }) => this.#watch(visible)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('secureIot.boards.addresses')) this.refresh();
      }),
      { dispose: ports.onDidChange(() => this.refresh()) },
    ];
    this.#watch(this.#view.visible);
  }

  refresh(): void {
    this.#boards = undefined;
    this.#changed.fire(undefined);
  }

  async getChildren(board?: Board): Promise<Board[]> {
    if (board) return [];
    this.#boards ??= listBoards();
    const boards = await this.#boards;
    this.#shown = JSON.stringify(boards);
    return boards;
  }

  getTreeItem(board: Board): vscode.TreeItem {
    const owner = this.ports.ownerOf(board.address);
    const item = new vscode.TreeItem(board.name);
    item.id = board.address;
    item.iconPath = new vscode.ThemeIcon(board.kind === 'serial' ? 'circuit-board' : 'remote');
    item.contextValue = board.kind === 'serial' ? 'board' : 'boardAddress';
    item.description = [board.name === board.address ? '' : board.address, owner ? `in use by ${owner}` : '']
      .filter((part) => part !== '')
      .join(' · ');
    const { serialNumber, manufacturer } = board.port;
    item.tooltip = [
      board.address,
      manufacturer,
      serialNumber && `Serial number ${serialNumber}`,
      owner && `In use by ${owner}`,
    ]
      .filter((part) => part)
      .join('\n');
    return item;
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #watch(visible: boolean): void {
    clearInterval(this.#timer);
    this.#timer = visible ? setInterval(() => void this.#look(), LOOK_MS) : undefined;
    if (visible) this.refresh();
  }

  async #look(): Promise<void> {
    const boards = await listBoards().catch(() => undefined);
    if (boards && JSON.stringify(boards) !== this.#shown) this.refresh();
  }
}
