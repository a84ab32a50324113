// What tells one chip of the family from another for whoever talks to its ROM.
import type { BurntFuses } from './fuses';

export interface SpiLayout {
  readonly base: number;
  readonly usr: number;
  readonly usr1: number;
  readonly usr2: number;
  /** The ESP8266 has its bit counts in USR1 instead. */
  readonly misoLength: number | undefined;
  readonly w0: number;
  /** The address stands at the upper end of its register. */
  readonly addressAtTop: boolean;
}

export type ResetCause = 'power' | 'software' | 'watchdog';

export interface ChipModel {
  /** As esptool names it. */
  readonly name: string;
  /** Chip id in images and in GET_SECURITY_INFO. The ESP8266 has none. */
  readonly imageId: number | undefined;
  /** What 0x40001000 reads as: the chip's name for loaders where GET_SECURITY_INFO does not say it. */
  readonly magic: number;
  readonly bootloaderOffset: number;
  readonly crystalHz: number;
  /** UART divider register; the ESP8266 counts with twice its crystal. */
  readonly uartDivider: { readonly address: number; readonly hz: number };
  readonly spi: SpiLayout;
  /** Bytes that GET_SECURITY_INFO answers with; 0 where the ROM does not know the command. */
  readonly securityInfoBytes: 0 | 12 | 20;
  /** Status bytes of the ROM's answers. */
  readonly statusBytes: 2 | 4;
  /** Read-only registers by address: eFuses and calibration. */
  registers(mac: Uint8Array, burnt: BurntFuses): ReadonlyMap<number, number>;
  /** First lines after a reset, up to "boot:…". */
  bootLine(cause: ResetCause, download: boolean): string;
  /** What GPIO_STRAP reads as. */
  readonly straps: { readonly run: number; readonly download: number };
  readonly strapRegister: number | undefined;
}
