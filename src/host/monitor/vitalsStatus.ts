// Free heap and signal strength of the board in the monitor that is looked at, in the status bar.
import * as vscode from 'vscode';
import type { CommandId } from '../../contributions/commands';
import { vitalsDetail, vitalsText } from '../../core/monitor/vitals';
import type { BoardVitals } from './boardVitals';

const OPTIONS: CommandId = 'secureIot.monitorOptions';

export class VitalsStatus implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Right, 50);
  readonly #listening: vscode.Disposable;

  /** `watched` is the address of the board that is looked at. */
  constructor(
    private readonly vitals: BoardVitals,
    private readonly watched: () => string | undefined,
  ) {
    this.#item.name = 'Heap and RSSI';
    this.#item.command = OPTIONS;
    this.#listening = vitals.onDidChange(() => this.update());
  }

  update(): void {
    const address = this.watched();
    const vitals = address === undefined ? undefined : this.vitals.of(address);
    if (address === undefined || !vitals) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(pulse) ${vitalsText(vitals)}`;
    this.#item.tooltip = [`${address}, as it tells in its lines:`, ...vitalsDetail(vitals)].join('\n');
    this.#item.show();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }
}
