// A TLS 1.2 ClientHello as a board sends it (RFC 5246, 7.4.1.2). In TLS 1.2 the server's answer is in clear,
// so one hello shows the chain exactly as sent and whether a client certificate is wanted.
import { ascii, extension, uint16, vector } from './tlsBytes';

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): in every hello of these stacks. */
const SECURE_RENEGOTIATION = 0x00ff;
const GROUPS = [0x0017, 0x0018, 0x0019, 0x001d];
const SIGNATURE_ALGORITHMS = [0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401, 0x0303, 0x0301, 0x0203, 0x0201];

/** `random`: 32 bytes. `suites`: their IANA numbers, the best first. `serverName` goes into the SNI extension; leave it out for an IP address. Returns one record. */
export function clientHello12(random: Uint8Array, suites: readonly number[], serverName?: string): Uint8Array {
  const extensions = [
    ...(serverName ? extension(0, vector(2, [0, ...vector(2, ascii(serverName))])) : []),
    ...extension(10, vector(2, GROUPS.flatMap(uint16))),
    ...extension(11, [1, 0]),
    ...extension(13, vector(2, SIGNATURE_ALGORITHMS.flatMap(uint16))),
  ];
  const body = [
    ...[3, 3],
    ...random,
    0, // no session id
    ...vector(2, [...suites, SECURE_RENEGOTIATION].flatMap(uint16)),
    ...[1, 0], // no compression
    ...vector(2, extensions),
  ];
  return Uint8Array.from([22, 3, 1, ...vector(2, [1, ...vector(3, body)])]);
}
