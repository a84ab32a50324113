// Calls on the stack of a RISC-V chip: a word is a return address if the instruction in front of it is a call that links
// to ra. Old calls may still lie on the stack: what is found is what was called lately, not a proof of it.
import type { ElfCode } from './elfCode';

/** RISC-V Unprivileged ISA: JAL 6f, JALR 67 with rd = x1 (ra). */
const JAL_RA = 0x0ef;
const JALR_RA = 0x0e7;

/** Address of the call that returns to `address`; undefined where there is none. */
export function callBefore(code: ElfCode, address: number): number | undefined {
  const low = code.halfword(address - 4);
  const high = code.halfword(address - 2);
  if (high === undefined || code.halfword(address) === undefined) return undefined;
  // A compressed call: C.JALR rs1, or C.JAL, which only 32-bit chips have.
  const compressed = ((high & 0xf07f) === 0x9002 && (high & 0x0f80) !== 0) || (high & 0xe003) === 0x2001;
  if (low !== undefined && (low & 0xfff) === JAL_RA) return address - 4;
  if (low !== undefined && (low & 0x7fff) === JALR_RA) return address - 4;
  return compressed ? address - 2 : undefined;
}

/** Addresses of calls, the latest first, from where the program was and the words of its stack. */
export function callsOf(code: ElfCode, addresses: readonly number[], stack: readonly number[]): number[] {
  const [counter, ...returns] = addresses;
  const calls: number[] = counter === undefined ? [] : [counter];
  for (const word of [...returns, ...stack]) {
    const call = callBefore(code, word);
    if (call !== undefined && call !== calls.at(-1)) calls.push(call);
  }
  return calls;
}
