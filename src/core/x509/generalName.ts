// Subject alternative names (RFC 5280, 4.2.1.6): the names and addresses that a certificate is good for.
import { children, type DerElement, derDamaged, value } from './der';
import { readName } from './name';

export type GeneralName =
  | { readonly type: 'dns' | 'uri' | 'email'; readonly value: string }
  /** `value` as people write it: `192.168.1.10`, `fe80::1`. `octets` has 4 or 16 bytes. */
  | { readonly type: 'ip'; readonly value: string; readonly octets: Uint8Array }
  | { readonly type: 'directory'; readonly value: string }
  | { readonly type: 'other'; readonly value: string };

export function readGeneralName(element: DerElement): GeneralName {
  const octets = value(element);
  switch (element.tag) {
    case 0x81:
      return { type: 'email', value: latin1(octets) };
    case 0x82:
      return { type: 'dns', value: latin1(octets) };
    case 0x86:
      return { type: 'uri', value: latin1(octets) };
    case 0x87:
      // Anything but 4 or 16 bytes matches nothing, and Mbed TLS refuses the whole certificate.
      if (octets.length !== 4 && octets.length !== 16)
        throw derDamaged('an IP address that is neither v4 nor v6', element.start);
      return { type: 'ip', value: ipText(octets), octets };
    case 0xa4: {
      const [name] = children(element);
      if (!name) throw derDamaged('an empty directory name', element.start);
      return { type: 'directory', value: readName(name).text };
    }
    default:
      return { type: 'other', value: `[${element.tag & 0x1f}]` };
  }
}

function latin1(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

/** Dotted for 4 bytes, RFC 5952 for 16. */
export function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0));
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

/** The 4 or 16 bytes of an IP address as people write it; undefined for anything else. */
export function parseIp(text: string): Uint8Array | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4) {
    const octets = v4.slice(1).map(Number);
    return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
  }
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted ? parseIp(dotted[2] ?? '') : undefined;
  if (dotted && !tail) return undefined;
  const hexTail = tail ? toGroups(tail) : '';
  const halves = (dotted ? `${dotted[1]}${hexTail}` : text).split('::');
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half ? half.split(':') : []));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...rest];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

function toGroups(v4: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = v4;
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
