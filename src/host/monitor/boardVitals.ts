// What boards under a serial monitor told of their free heap and signal strength, for the views that show it.
import * as vscode from 'vscode';
import type { Vitals } from '../../core/monitor/vitals';

/** A board that prints its heap in a loop must not redraw VS Code as often. */
const TELL_MS = 1_000;

export class BoardVitals implements vscode.Disposable {
  readonly #vitals = new Map<string, Vitals>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #timer: NodeJS.Timeout | undefined;

  /** Undefined where no monitor is open, or where its board told nothing yet. */
  of(address: string): Vitals | undefined {
    return this.#vitals.get(address);
  }

  /** The values of one board change in place. */
  tell(address: string, vitals: Vitals): void {
    this.#vitals.set(address, vitals);
    this.#soon();
  }

  forget(address: string): void {
    if (this.#vitals.delete(address)) this.#soon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, TELL_MS);
  }
}
