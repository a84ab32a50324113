// Addresses of code in the lines of a crash: Xtensa backtraces, RISC-V registers, ESP8266 stacks.

/** A place in the source, as far as the debug information tells. */
export interface Frame {
  /** `0x400d1fdf`. */
  readonly address: string;
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
}

const XTENSA = /Backtrace:((?:\s*0x[0-9a-f]{8}:0x[0-9a-f]{8})+)/i;
/** ESPHome prints the calls of the crash before as a command to type. */
const TO_TYPE = /\baddr2line -\S+ -e \S+((?: 0x4[0-9a-f]{7})+)/i;
const PROGRAM_COUNTERS = /\b(?:PC|MEPC|RA|epc[12]|at PC)\s*[:=]?\s*(0x4[0-9a-f]{7})\b/gi;
/** `3ffffe60:  4024c564 00000004 …`: words that point into the code of an ESP8266. */
const ESP8266_STACK = /^\W*3ff[0-9a-f]{5}:((?:\s+[0-9a-f]{8}){2,})/i;
/** An address of instruction memory of any ESP chip. */
const CODE = /^0x4[0-9a-f]{7}$/;

/** Code addresses of one line, in the order of the calls; empty where there are none. */
export function codeAddresses(line: string): string[] {
  const backtrace = XTENSA.exec(line)?.[1];
  if (backtrace) return unique([...backtrace.matchAll(/(0x[0-9a-f]{8}):/gi)].map(([, pc = '']) => pc.toLowerCase()));
  const toType = TO_TYPE.exec(line)?.[1];
  if (toType) return unique(toType.trim().toLowerCase().split(' '));
  const stack = ESP8266_STACK.exec(line)?.[1];
  if (stack)
    return unique(
      stack
        .trim()
        .split(/\s+/)
        .filter((word) => /^402/.test(word))
        .map((word) => `0x${word}`),
    );
  return unique([...line.matchAll(PROGRAM_COUNTERS)].map(([, pc = '']) => pc.toLowerCase()));
}

const unique = (addresses: readonly string[]): string[] =>
  addresses.filter((address, i) => CODE.test(address) && addresses.indexOf(address) === i);

/**
 * Reads what `addr2line -a -f -C` prints: for each address a line with it, one with the function, one with `file:line`.
 * Inlined calls (`-i`) repeat the last two. `??` stands for what is not known.
 */
export function parseAddr2line(output: string): Frame[] {
  const frames: Frame[] = [];
  let address = '';
  let name: string | undefined;
  for (const line of output.split(/\r?\n/)) {
    if (/^0x[0-9a-f]+$/i.test(line)) {
      address = `0x${line
        .slice(2)
        .replace(/^0+(?=[0-9a-f]{8})/i, '')
        .toLowerCase()}`;
      name = undefined;
    } else if (name === undefined) name = line;
    else {
      const place = /^(.*):(\d+)(?: \(.*\))?$/.exec(line);
      const known = place?.[1] && place[1] !== '??' && place[2] !== '0';
      frames.push({
        address,
        ...(name && name !== '??' ? { function: name } : {}),
        ...(known ? { file: place[1] as string, line: Number(place[2]) } : {}),
      });
      name = undefined;
    }
  }
  return frames;
}

export function frameText({ address, function: name, file, line }: Frame): string {
  return `${address}: ${name ?? '??'}${file ? ` at ${file}:${line}` : ''}`;
}
