// Calls on the stack of an ESP8266: a word is a return address if the instruction in front of it is CALL0 or CALLX0, the
// only calls of the chip (Xtensa ISA reference manual). The ESP32's Backtrace has the calls themselves already.
import type { ElfCode } from './elfCode';

/** Address of the call that returns to `address`; undefined where there is none. */
export function call0Before(code: ElfCode, address: number): number | undefined {
  const [first, second, third] = [code.byte(address - 3), code.byte(address - 2), code.byte(address - 1)];
  if (first === undefined || second === undefined || third === undefined) return undefined;
  const call0 = (first & 0x3f) === 0x05;
  const callx0 = first === 0xc0 && (second & 0xf0) === 0 && third === 0;
  return call0 || callx0 ? address - 3 : undefined;
}
