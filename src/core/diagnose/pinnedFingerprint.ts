// setFingerprint(): the ESP8266 trusts one certificate, by its SHA-1 (BearSSL::WiFiClientSecure).
import type { SourceRange, SourceSymbols } from './sourceSymbols';

export interface PinnedFingerprint {
  /** The call. */
  readonly at: SourceRange;
  /** The text that it is given, where the sources have one; bytes in an array are not read. */
  readonly pinned?: { readonly text: string; readonly at: SourceRange };
}

export function findFingerprint(symbols: SourceSymbols): PinnedFingerprint | undefined {
  const call = symbols.calls.find(({ name }) => name === 'setFingerprint');
  if (!call) return undefined;
  const value = symbols.resolve(call.args[0] ?? []);
  return { at: call.at, ...(typeof value?.value === 'string' ? { pinned: { text: value.value, at: value.at } } : {}) };
}

/** 40 upper-case hex digits, or undefined where the text is no SHA-1. */
export function sha1Digits(text: string): string | undefined {
  const digits = text.replace(/[\s:.,-]|0x/gi, '').toUpperCase();
  return /^[0-9A-F]{40}$/.test(digits) ? digits : undefined;
}
