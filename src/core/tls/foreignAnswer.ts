// What answers on a port that speaks no TLS, told from its first bytes and from how the connection ended.

export interface ForeignFacts {
  readonly host: string;
  readonly port: number;
  /** The first bytes that came, if any. */
  readonly start: Uint8Array;
  readonly endedBy: 'us' | 'server' | 'time';
  /** It answers an MQTT CONNECT without TLS. */
  readonly plainMqtt: boolean;
  readonly waitedMs: number;
}

export interface ForeignAnswer {
  readonly code: string;
  /** What is there and what to do, in a sentence or two. */
  readonly reason: string;
}

const USUAL = 'Check the port; 8883 is usual for MQTT over TLS.';

export function explainForeignAnswer({ host, port, start, endedBy, plainMqtt, waitedMs }: ForeignFacts): ForeignAnswer {
  const where = `${host} port ${port}`;
  const text = Array.from(start, (byte) => String.fromCharCode(byte)).join('');
  if (plainMqtt) {
    const reason = `${where} speaks MQTT without TLS. Test the TLS port (usually 8883), or set one up.`;
    return { code: 'PLAIN-MQTT', reason };
  }
  if (/^HTTP\/|^<(?:!doctype|html)/i.test(text)) {
    const reason = `${where} is a web server: it answers in HTTP without TLS. ${USUAL}`;
    return { code: 'HTTP', reason };
  }
  if (text.startsWith('SSH-')) return { code: 'SSH', reason: `${where} is an SSH server. ${USUAL}` };
  if (/^(?:220[ -]|\+OK|\* OK)/.test(text)) {
    return { code: 'MAIL', reason: `${where} greets like a mail or FTP server. ${USUAL}` };
  }
  if (start.length > 0) {
    const hex = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return { code: 'NOT-TLS', reason: `${where} does not speak TLS: its answer begins with ${hex}. ${USUAL}` };
  }
  if (endedBy === 'server') {
    const reason = `${where} takes the connection and closes it at once, without a word of TLS. A firewall, a proxy without a server behind it, or a broker that is not ready does this. ${USUAL}`;
    return { code: 'CLOSED', reason };
  }
  const reason = `${where} takes the connection and then says nothing for ${Math.round(waitedMs / 100) / 10} s. The broker hangs, or something that waits for its client to speak another protocol is there. ${USUAL}`;
  return { code: 'STALLED', reason };
}
