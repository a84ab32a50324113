// One payload as text, folded JSON, hex, base64, CBOR or the difference to the one before. Bounded, and set as text.
import { cborText } from '../../src/core/mqtt/cbor';
import { hexDump } from '../../src/core/mqtt/hexDump';
import { cutJsonLines, type JsonLine, jsonLines } from '../../src/core/mqtt/jsonLines';
import { lineDiff } from '../../src/core/mqtt/lineDiff';
import type { PayloadReading } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { icon } from '../icons';
import { plural, visibleNodes } from './format';

/** Beside these, the label of a reading that the host made. */
export type Format = 'JSON' | 'Text' | 'Hex' | 'Base64' | 'CBOR' | 'Diff' | (string & {});

/** Lines of JSON that are built; more would freeze the pane for nothing that a person reads. */
const MAX_LINES = 3_000;
/** Bytes shown as hex: 16 a line. */
const MAX_HEX = 16_384;

export interface Payload {
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  /** The payload before it on the same topic. */
  readonly previous: Uint8Array | null;
  readonly readings: readonly PayloadReading[];
}

/** The text, and whether every byte of it is UTF-8. A character cut at the end of a bounded view is no fault. */
export function decode({ bytes, totalBytes }: Pick<Payload, 'bytes' | 'totalBytes'>): {
  readonly text: string;
  readonly valid: boolean;
} {
  const cut = totalBytes > bytes.length;
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut }),
      valid: true,
    };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), valid: false };
  }
}

/** The formats to choose from, and the one that fits best: JSON for objects and arrays, text for UTF-8, else CBOR or hex. */
export function formatsOf(payload: Payload): { readonly all: readonly Format[]; readonly best: Format } {
  const { text, valid } = decode(payload);
  const json = valid && /^\s*[[{]/.test(text) && linesOf(payload, text) !== undefined;
  const cbor = !valid && payload.bytes.length > 1 && cborText(payload.bytes) !== undefined;
  const all: Format[] = ['JSON', 'Text', 'Hex', 'Base64'];
  if (cbor) all.push('CBOR');
  if (payload.previous !== null) all.push('Diff');
  const [first] = payload.readings.filter(({ sure }) => sure);
  all.unshift(...payload.readings.map(({ label }) => label));
  if (first) return { all, best: first.label };
  return { all, best: json ? 'JSON' : valid ? 'Text' : cbor ? 'CBOR' : 'Hex' };
}

/** A long payload is laid out as far as it was sent: all of it in an editor. */
function linesOf({ bytes, totalBytes }: Payload, text: string): readonly JsonLine[] | undefined {
  return bytes.length < totalBytes ? cutJsonLines(text) : jsonLines(text);
}

/** Shows `payload` in `target`. Returns what has to be said about it, for example that it is cut. */
export function showPayload(target: HTMLElement, payload: Payload, format: Format): string[] {
  const { bytes, totalBytes } = payload;
  const notes: string[] = [];
  const reading = payload.readings.find(({ label }) => label === format);
  if (reading) return showReading(target, reading);
  if (bytes.length === 0) {
    fill(target, h('span', { class: 'dim' }, 'No payload. An empty retained message clears what the broker keeps.'));
    return notes;
  }
  let shown = bytes.length;
  const { text, valid } = decode(payload);
  const lines = format === 'JSON' ? linesOf(payload, text) : undefined;
  if (format === 'JSON' && !lines) notes.push('Not JSON, shown as text');
  if (lines) {
    fill(target, jsonElement(lines.slice(0, MAX_LINES)));
    if (lines.length > MAX_LINES)
      notes.push(
        `First ${plural(MAX_LINES, 'line')}${shown < totalBytes ? '' : ` of ${plural(lines.length, 'line')}`}`,
      );
  } else if (format === 'Hex') {
    shown = Math.min(shown, MAX_HEX);
    fill(target, hexDump(bytes.subarray(0, shown)));
  } else if (format === 'Base64') {
    fill(target, toBase64(bytes));
  } else if (format === 'CBOR') {
    fill(target, ...visibleNodes(cborText(bytes) ?? '', true));
  } else if (format === 'Diff') {
    notes.push(...showDiff(target, payload));
  } else {
    fill(target, ...visibleNodes(text, true));
    if (!valid) notes.push('Not valid UTF-8: broken bytes are shown as \uFFFD');
  }
  if (shown < totalBytes) notes.push(`First ${plural(shown, 'byte')} of ${plural(totalBytes, 'byte')}`);
  return notes;
}

function showReading(target: HTMLElement, reading: PayloadReading): string[] {
  if (reading.kind === 'image') {
    const image = h('img', { class: 'payload-image', attrs: { alt: 'The payload as an image' } });
    image.src = `data:${reading.mediaType};base64,${toBase64(reading.bytes)}`;
    fill(target, image);
  } else {
    const json = jsonLines(reading.text);
    const isTree = json !== undefined && json.length > 1;
    fill(target, ...(isTree ? [jsonElement(json.slice(0, MAX_LINES))] : visibleNodes(reading.text, true)));
  }
  return reading.note === null ? [] : [reading.note];
}

function showDiff(target: HTMLElement, { bytes, totalBytes, previous }: Payload): string[] {
  const linesOf = (data: Uint8Array, total: number): string[] => {
    const { text, valid } = decode({ bytes: data, totalBytes: total });
    if (!valid) return hexDump(data.subarray(0, MAX_HEX)).split('\n');
    const json = jsonLines(text);
    const line = ({ depth, tokens }: JsonLine): string =>
      '  '.repeat(depth) + tokens.map((token) => token.text).join('');
    return json ? json.map(line) : text.split('\n');
  };
  const diff = lineDiff(linesOf(previous ?? new Uint8Array(), 0), linesOf(bytes, totalBytes));
  const signs = { same: '  ', removed: '- ', added: '+ ' };
  fill(
    target,
    ...diff
      .slice(0, MAX_LINES)
      .map(({ change, text }) =>
        h('div', { class: `diff-line ${change}` }, signs[change], ...visibleNodes(text, true)),
      ),
  );
  const notes = diff.length > MAX_LINES ? [`First ${plural(MAX_LINES, 'line')} of ${plural(diff.length, 'line')}`] : [];
  return diff.every(({ change }) => change === 'same') ? [...notes, 'Nothing changed since the message before'] : notes;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8_192) binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(binary);
}

function jsonElement(lines: readonly JsonLine[]): HTMLElement {
  const elements: HTMLElement[] = [];
  const list = h('div', { class: 'json' });
  for (const [index, line] of lines.entries()) {
    const tokens = line.tokens.map(({ kind, text }) =>
      kind === 'string' || kind === 'key'
        ? h('span', { class: `json-${kind}` }, ...visibleNodes(text))
        : h('span', { class: `json-${kind}` }, text),
    );
    const element = h('div', { class: 'json-line' }, ...tokens);
    element.style.paddingLeft = `${16 + Math.min(line.depth, 40) * 14}px`;
    const { closesAt } = line;
    if (closesAt !== undefined) element.prepend(foldButton(elements, index, closesAt, line, element));
    elements.push(element);
    list.append(element);
  }
  return list;
}

function foldButton(
  elements: readonly HTMLElement[],
  index: number,
  closesAt: number,
  { entries = 0, depth }: JsonLine,
  line: HTMLElement,
): HTMLElement {
  const summary = h('span', { class: 'dim json-folded' }, ` … ${plural(entries, 'entry', 'entries')}`);
  const twist = (): void => {
    const folded = line.classList.toggle('folded');
    toggle.setAttribute('aria-expanded', String(!folded));
    fill(toggle, icon(folded ? 'chevronRight' : 'chevronDown'));
    if (folded) line.append(summary);
    else summary.remove();
    hideFolded(elements);
  };
  const toggle = h(
    'button',
    { class: 'fold', attrs: { type: 'button', 'aria-expanded': 'true', 'aria-label': 'Fold' }, on: { click: twist } },
    icon('chevronDown'),
  );
  toggle.style.left = `${Math.min(depth, 40) * 14}px`;
  line.dataset['until'] = String(closesAt);
  line.dataset['index'] = String(index);
  return toggle;
}

function hideFolded(elements: readonly HTMLElement[]): void {
  let hiddenUntil = -1;
  for (const [index, element] of elements.entries()) {
    element.hidden = index < hiddenUntil;
    if (!element.hidden && element.classList.contains('folded')) hiddenUntil = Number(element.dataset['until']);
  }
}
