// The Boards view: follows what is plugged in, but looks only while it is visible.
import * as vscode from 'vscode';
import { vitalsDetail, vitalsText } from '../../core/monitor/vitals';
import type { PortOwnership } from '../../io/serial/portOwnership';
import type { PortWatch } from '../../io/serial/portWatch';
import type { BoardVitals } from '../monitor/boardVitals';
import { type Board, type BoardSource, systemBoards } from './boardList';

/** Curves beside an address have little room. */
const CURVE = 6;

export class BoardsView implements vscode.TreeDataProvider<Board>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Board>;
  readonly #disposables: vscode.Disposable[];
  #watch: Promise<PortWatch> | undefined;
  #shown = '';
  #boards: Promise<Board[]> | undefined;

  constructor(
    private readonly ports: PortOwnership,
    private readonly vitals: BoardVitals,
    private readonly source: BoardSource = systemBoards,
  ) {
    this.#view = vscode.window.createTreeView('secureIot.boards', { treeDataProvider: this, canSelectMany: true });
    this.#disposables = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(({ visible }) => this.#follow(visible)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('secureIot.boards.addresses')) this.refresh();
      }),
      { dispose: ports.onDidChange(() => this.#changed.fire(undefined)) },
      vitals.onDidChange(() => this.#changed.fire(undefined)),
    ];
    this.#follow(this.#view.visible);
  }

  refresh(): void {
    this.#boards = undefined;
    this.#changed.fire(undefined);
  }

  async getChildren(board?: Board): Promise<Board[]> {
    if (board) return [];
    this.#boards ??= this.source.list();
    const boards = await this.#boards;
    this.#shown = JSON.stringify(boards);
    return boards;
  }

  getTreeItem(board: Board): vscode.TreeItem {
    const owner = this.ports.ownerOf(board.address);
    const network = board.kind === 'network';
    const item = new vscode.TreeItem(network ? withoutScheme(board.address) : board.name);
    item.id = board.address;
    item.iconPath = new vscode.ThemeIcon(network ? 'remote' : 'circuit-board');
    item.contextValue = network ? 'boardAddress' : 'board';
    const vitals = this.vitals.of(board.address);
    const state = vitals ? vitalsText(vitals, CURVE) : (owner?.replace(/^the /, '') ?? '');
    item.description = [network ? '' : board.address, state].filter((part) => part !== '').join(' · ');
    const { serialNumber, manufacturer } = board.port;
    item.tooltip = [
      board.address,
      manufacturer,
      serialNumber && `Serial number ${serialNumber}`,
      owner && `In use by ${owner}`,
      ...(vitals ? vitalsDetail(vitals) : []),
    ]
      .filter((part) => part)
      .join('\n');
    return item;
  }

  dispose(): void {
    this.#follow(false);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #follow(visible: boolean): void {
    void this.#watch?.then((watch) => watch.stop());
    this.#watch = visible ? this.source.watch(() => void this.#look()) : undefined;
    if (visible) this.refresh();
  }

  async #look(): Promise<void> {
    const boards = await this.source.list().catch(() => undefined);
    if (boards && JSON.stringify(boards) !== this.#shown) this.refresh();
  }
}

/** The room beside the name is for what the board does. */
function withoutScheme(address: string): string {
  return address.replace(/^\w+:\/\//, '');
}
