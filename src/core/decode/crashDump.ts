// What a crash printed that leads to source lines, gathered from its lines. An ESP8266 and a RISC-V chip print a piece of
// their stack in place of a backtrace; which words of the latter are calls, riscvCalls.ts finds.
import { codeAddresses } from './backtrace';
import { atLineStart } from './lineStart';

export interface CrashDump {
  /** Of the first line that belongs to it; from 1. */
  readonly line: number;
  /** Where the program was, innermost first: `0x42006796`. */
  readonly addresses: readonly string[];
  /** Words of the stack from its top down to older calls, RISC-V only: some are return addresses. */
  readonly stack: readonly number[];
  /** The addresses are words of an ESP8266's stack: some are where calls return to. */
  readonly returns?: true;
}

const REGISTERS = /\b(?:MEPC|MSTATUS|MHARTID|TP|S0\/FP|[AST]\d{1,2})\s*: 0x[0-9a-f]{8}\b/i;
const COUNTERS = /\bMEPC\s*: (0x[0-9a-f]{8})\s+RA\s*: (0x[0-9a-f]{8})/i;
/** `3fc94f70: 0x00000000 0x420079de …`, eight words a line. */
const STACK = /(?:^|\W)[0-9a-f]{8}:((?: 0x[0-9a-f]{8}){2,8})\s*$/i;
const BETWEEN = atLineStart(String.raw`(?:Stack memory:|ctx: \w+|sp: [0-9a-f]{8} end: .*)?\s*$`);
const ESP8266_STACK = />>>stack>>>/;
const ESP8266_WORDS = /(?:^|\W)3ff[0-9a-f]{5}: (?: [0-9a-f]{8}){4}/;
/** What a task can use as stack is far below this. */
const MOST_WORDS = 8192;

export class CrashReader {
  private count = 0;
  private open: { line: number; addresses: string[]; stack: number[]; returns?: true } | undefined;

  /** The dump that ended before this line, or that this line is by itself. */
  next(text: string): CrashDump | undefined {
    this.count += 1;
    const counters = COUNTERS.exec(text);
    if (counters || ESP8266_STACK.test(text)) {
      const ended = this.end();
      const [, ...addresses] = counters ?? [];
      const start = { line: this.count, addresses: addresses.map((address) => address.toLowerCase()), stack: [] };
      this.open = counters ? start : { ...start, returns: true };
      return ended;
    }
    const { open } = this;
    if (open && ESP8266_WORDS.test(text)) {
      if (open.addresses.length < MOST_WORDS) open.addresses.push(...codeAddresses(text));
      return undefined;
    }
    const words = open && STACK.exec(text)?.[1];
    if (open && words) {
      if (open.stack.length < MOST_WORDS) open.stack.push(...words.trim().split(/\s+/).map(Number));
      return undefined;
    }
    if (open && (REGISTERS.test(text) || BETWEEN.test(text))) return undefined;
    return this.end() ?? this.alone(text);
  }

  /** What the input ended in. */
  end(): CrashDump | undefined {
    const dump = this.open;
    this.open = undefined;
    return dump && dump.addresses.length > 0 ? dump : undefined;
  }

  /** A backtrace is a dump by itself; a line behind a dump that is no part of it is never one. */
  private alone(text: string): CrashDump | undefined {
    const addresses = codeAddresses(text);
    return addresses.length === 0 ? undefined : { line: this.count, addresses, stack: [] };
  }
}
