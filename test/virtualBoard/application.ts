// The program in flash: boots with the ROM's words, then runs the demo firmware or says that there is none.
import { bootFromFlash } from './bootRom';
import type { Chip, Program } from './chip';
import type { ResetCause } from './chipModel';
import { type Firmware, runFirmware } from './firmware';
import { withNvsIdentity } from './nvsIdentity';

/** The watchdog bites some seconds after a failed boot; here faster, and slow enough not to flood a monitor. */
const WATCHDOG_MS = 1000;
/** After a firmware that ended by itself, which real firmware never does. */
const RESTART_MS = 5000;

export class Application implements Program {
  #firmware: Firmware | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly chip: Chip,
    cause: ResetCause,
    deviceClient: string | undefined,
  ) {
    const boot = bootFromFlash(chip.model, chip.flash, cause);
    this.#print(boot.text);
    if (!boot.application) this.#restart(WATCHDOG_MS);
    else if (boot.application.config) {
      const config = withNvsIdentity(chip.flash, boot.application.config);
      if (typeof config === 'string') this.#print(`${config}\r\n`);
      else
        this.#firmware = runFirmware({
          config,
          deviceClient,
          print: (text) => this.#print(text.replace(/\r?\n/g, '\r\n')),
          ended: () => this.#restart(RESTART_MS),
        });
    } else this.#print('I (310) main_task: Calling app_main()\r\nThis application is not for the virtual board.\r\n');
  }

  receive(_bytes: Uint8Array): void {
    // The demo firmware reads no input.
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#firmware?.stop();
  }

  #print(text: string): void {
    if (!this.#stopped) this.chip.send(new TextEncoder().encode(text));
  }

  #restart(milliseconds: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.chip.start({ kind: 'watchdogReset' }), milliseconds);
  }
}
