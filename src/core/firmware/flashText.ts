// The sentence that ends a successful flashing.

export interface Flashed {
  /** What was flashed, as the sentence begins: a chip, or a chip on a port. */
  readonly what: string;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly baudRate: number;
  /** False where the chip does not let its flash be compared. */
  readonly verified: boolean;
  /** The connection has modem lines. */
  readonly canReset: boolean;
}

export function flashedText({ what, bytes, milliseconds, baudRate, verified, canReset }: Flashed): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  const done =
    bytes === 0
      ? 'nothing to write, the flash holds it already.'
      : `${bytes.toLocaleString('en')} bytes written${verified ? ' and verified' : ', not verified'} in ${seconds} s at ${baudRate} baud.`;
  return `${what}: ${done} ${canReset ? 'The board was reset.' : 'Press RESET on the board to start it.'}`;
}

/** About a copy of the flash of a board with flash encryption. */
export const ENCRYPTED_COPY =
  'This board has flash encryption switched on: the copy is encrypted with a key that only its chip has.';
