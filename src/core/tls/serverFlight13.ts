// The server's first flight of a TLS 1.3 handshake (RFC 8446, 4.3 and 4.4), read from its decrypted handshake messages.
import type { ServerFlight } from './serverFlight12';
import { readItems, readNumber } from './tlsBytes';

const CERTIFICATE_AUTHORITIES = 47;

/** `messages`: the handshake messages one after the other. A cut or odd one is left out. Never throws. */
export function readFlight13(messages: Uint8Array): ServerFlight {
  let flight: ServerFlight = { chain: [], complete: false, notTls: false };
  for (let at = 0; at + 4 <= messages.length; ) {
    const end = at + 4 + readNumber(messages, at + 1, 3);
    if (end > messages.length) break;
    const body = messages.subarray(at + 4, end);
    if (messages[at] === 13) flight = { ...flight, acceptedIssuers: acceptedIssuers(body) };
    if (messages[at] === 11) flight = { ...flight, chain: certificates(body) };
    if (messages[at] === 20) flight = { ...flight, complete: true };
    at = end;
  }
  return flight;
}

/** CertificateRequest: context <1>, extensions <2>. */
function acceptedIssuers(body: Uint8Array): Uint8Array[] {
  const start = 1 + readNumber(body, 0, 1);
  const end = Math.min(body.length, start + 2 + readNumber(body, start, 2));
  for (let at = start + 2; at + 4 <= end; ) {
    const next = at + 4 + readNumber(body, at + 2, 2);
    if (readNumber(body, at, 2) === CERTIFICATE_AUTHORITIES)
      return readItems(body.subarray(at + 6, Math.min(next, end)), 2);
    at = next;
  }
  return [];
}

/** Certificate: context <1>, list <3> of certificate <3> and extensions <2>. */
function certificates(body: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 1 + readNumber(body, 0, 1) + 3; at + 3 <= body.length; ) {
    const end = at + 3 + readNumber(body, at, 3);
    if (end > body.length) break;
    found.push(body.slice(at + 3, end));
    at = end + 2 + readNumber(body, end, 2);
  }
  return found;
}
