// SLIP framing (RFC 1055) as Espressif's loaders use it: a frame begins and ends with 0xC0.
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

export function encodeSlip(frame: Uint8Array): Uint8Array {
  const out: number[] = [END];
  for (const byte of frame) {
    if (byte === END) out.push(ESC, ESC_END);
    else if (byte === ESC) out.push(ESC, ESC_ESC);
    else out.push(byte);
  }
  out.push(END);
  return Uint8Array.from(out);
}

/** Bytes in, whole frames out. Bytes outside a frame and frames with a wrong escape are dropped, as the ROM does. */
export class SlipDecoder {
  #frame: number[] | undefined;
  #escaped = false;

  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        // Two ENDs in a row are an empty frame: the second one opens the next.
        if (this.#frame && this.#frame.length > 0) {
          frames.push(Uint8Array.from(this.#frame));
          this.#frame = undefined;
        } else this.#frame = [];
        this.#escaped = false;
      } else if (this.#frame) this.#inside(this.#frame, byte);
    }
    return frames;
  }

  reset(): void {
    this.#frame = undefined;
    this.#escaped = false;
  }

  #inside(frame: number[], byte: number): void {
    if (this.#escaped) {
      this.#escaped = false;
      if (byte === ESC_END) frame.push(END);
      else if (byte === ESC_ESC) frame.push(ESC);
      else this.#frame = undefined;
    } else if (byte === ESC) this.#escaped = true;
    else frame.push(byte);
  }
}
