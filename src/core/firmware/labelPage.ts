// A page of labels for boards, to be printed and cut: name, MAC, certificate fingerprint, and a QR code of the three.
import { escapeHtml } from '../escapeHtml';

export interface BoardLabel {
  readonly device: string;
  /** `24:6f:28:c0:1d:db`. */
  readonly mac: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
}

/** What the QR code says: three lines, readable with any phone. */
export function labelText({ device, mac, fingerprint }: BoardLabel): string {
  return `${device}\nMAC ${mac}\nSHA-256 ${fingerprint}`;
}

/** HTML that needs nothing else; `qrSvg` draws a text as an SVG element. Labels are 63 mm wide, three fit beside each other. */
export function labelPage(labels: readonly BoardLabel[], qrSvg: (text: string) => string): string {
  const cards = labels.map(
    (label) => `<div class="label">${qrSvg(labelText(label))}<div>${name(label.device)}
<span>${escapeHtml(label.mac)}</span>
<code>${escapeHtml(grouped(label.fingerprint))}</code></div></div>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Device labels</title><style>
@page { size: A4; margin: 10mm; }
body { margin: 0; display: flex; flex-wrap: wrap; align-content: flex-start; font: 9pt system-ui, sans-serif; color: #000; background: #fff; }
.label { box-sizing: border-box; width: 63mm; height: 26mm; padding: 1.5mm; display: flex; gap: 2mm; align-items: center; border: 0.2mm dashed #999; break-inside: avoid; overflow: hidden; }
.label svg { width: 22mm; height: 22mm; flex: none; }
.label div { min-width: 0; }
.label b { display: block; font-size: 10pt; overflow-wrap: anywhere; line-height: 1.1; }
.label b.long { font-size: 7pt; }
.label span, .label code { display: block; font-family: ui-monospace, monospace; font-size: 6.5pt; overflow-wrap: anywhere; }
</style></head><body>
${cards.join('\n')}
</body></html>
`;
}

/** A name may have 64 characters, as a common name; those must fit as well. */
function name(device: string): string {
  return `<b${device.length > 24 ? ' class="long"' : ''}>${escapeHtml(device)}</b>`;
}

/** The first 16 bytes are enough to compare by eye; the QR code has all. */
function grouped(fingerprint: string): string {
  return (fingerprint.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}
