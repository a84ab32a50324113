// What a payload most likely is, and one short line of it for a list. Never throws, and never reads more than it needs.

export type PayloadKind = 'empty' | 'json' | 'text' | 'image' | 'binary';

export interface PayloadSummary {
  readonly kind: PayloadKind;
  /** MIME type of an image. */
  readonly mediaType?: string;
  /** At most `maxLength` characters; control characters are still in it. */
  readonly preview: string;
}

const IMAGES: readonly (readonly [mediaType: string, magic: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/bmp', [0x42, 0x4d]],
];

/** Bytes looked at to tell text from binary. */
const SAMPLE_BYTES = 4_096;

export function summarizePayload(payload: Uint8Array, maxLength = 200): PayloadSummary {
  if (payload.length === 0) return { kind: 'empty', preview: '' };
  const image = IMAGES.find(([, magic]) => magic.every((byte, index) => payload[index] === byte));
  const text = sampleText(payload, Math.min(SAMPLE_BYTES, Math.max(maxLength * 4, 64)));
  if (image && text === undefined)
    return { kind: 'image', mediaType: image[0], preview: hexPreview(payload, maxLength) };
  if (text === undefined) return { kind: 'binary', preview: hexPreview(payload, maxLength) };
  const preview = text.length > maxLength ? text.slice(0, maxLength) : text;
  return { kind: looksLikeJson(text) ? 'json' : 'text', preview };
}

/** The whole payload as text, or undefined when it is not UTF-8 or holds NUL. */
export function payloadText(payload: Uint8Array): string | undefined {
  if (payload.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    return undefined;
  }
}

function sampleText(payload: Uint8Array, bytes: number): string | undefined {
  let end = Math.min(payload.length, bytes);
  if (end < payload.length) {
    // Not in the middle of a character: back over continuation bytes and the byte that leads them.
    while (end > 0 && ((payload[end] ?? 0) & 0xc0) === 0x80) end--;
  }
  return payloadText(payload.subarray(0, end));
}

function looksLikeJson(text: string): boolean {
  const start = text.trimStart();
  return (
    /^[[{]/.test(start) || /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|"(?:[^"\\]|\\.)*")\s*$/.test(start)
  );
}

function hexPreview(payload: Uint8Array, maxLength: number): string {
  return Array.from(payload.subarray(0, Math.floor(maxLength / 3)), (byte) => byte.toString(16).padStart(2, '0')).join(
    ' ',
  );
}
