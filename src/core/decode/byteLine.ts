// One line of a log as a place in its bytes: it becomes text when somebody asks for it.

const [LF, CR] = [10, 13];
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class ByteLine {
  /** Exclusive, without the line's ending. */
  readonly end: number;

  /** `bytes` from `start` to `end` (exclusive), its ending included. They must stay as they are. */
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    end: number,
    private readonly asText?: string,
  ) {
    let last = end;
    if (last > start && bytes[last - 1] === LF) last -= 1;
    if (last > start && bytes[last - 1] === CR) last -= 1;
    this.end = last;
  }

  /** Of a line that is text already, without its ending. */
  static of(text: string): ByteLine {
    const bytes = new TextEncoder().encode(text);
    return new ByteLine(bytes, 0, bytes.length, text);
  }

  get length(): number {
    return this.end - this.start;
  }

  get text(): string {
    return this.asText ?? utf8.decode(this.bytes.subarray(this.start, this.end));
  }
}
