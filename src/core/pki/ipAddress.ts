// Reads IPv4 and IPv6 addresses strictly: what inet_pton takes, nothing else.

/** Canonical text of an address (IPv6: lower case, zeros compressed as RFC 5952 says), or undefined if it is none. */
export function parseIpAddress(text: string): string | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

export function isIpv4(text: string): boolean {
  return parseIpv4(text) !== undefined;
}

function parseIpv4(text: string): string | undefined {
  const parts = text.split('.');
  const good = parts.length === 4 && parts.every((p) => /^(?:0|[1-9]\d{0,2})$/.test(p) && Number(p) <= 255);
  return good ? text : undefined;
}

function parseIpv6(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return compress([...head, ...new Array<number>(halves.length === 2 ? missing : 0).fill(0), ...(tail ?? [])]);
}

/** "fe80:1:192.168.0.1" -> [0xfe80, 1, 0xc0a8, 1]; undefined if a group is wrong. Dots may stand at the very end only. */
function groups(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return [];
  const values: number[] = [];
  const parts = half.split(':');
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const bytes = isLast && i === parts.length - 1 ? parseIpv4(part)?.split('.').map(Number) : undefined;
      if (!bytes) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = bytes;
      values.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) values.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return values;
}

function compress(values: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && values[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: readonly number[]) => part.map((v) => v.toString(16)).join(':');
  if (best.start < 0) return hex(values);
  return `${hex(values.slice(0, best.start))}::${hex(values.slice(best.start + best.length))}`;
}
