// What a program on the chip (ROM loader, stub, application) may touch, and what the chip may do to it.
import type { ChipModel } from './chipModel';
import type { FlashChip } from './flashChip';
import type { BurntFuses } from './fuses';
import type { Registers } from './registers';

/** The way a reset or a jump goes on. */
export type NextProgram =
  | { readonly kind: 'stub' }
  /** Software reset: the boot pins keep what the last hard reset saw. */
  | { readonly kind: 'softReset' }
  | { readonly kind: 'application' }
  | { readonly kind: 'watchdogReset' };

export interface Chip {
  readonly model: ChipModel;
  readonly burnt: BurntFuses;
  readonly flash: FlashChip;
  readonly registers: Registers;
  /** Bytes out of the UART. */
  send(bytes: Uint8Array): void;
  baudRate(): number;
  setBaudRate(baudRate: number): void;
  /** The ROM measures the host's rate at the first SYNC. */
  adoptHostBaudRate(): void;
  start(next: NextProgram): void;
}

export interface Program {
  receive(bytes: Uint8Array): void;
  stop(): void;
}
