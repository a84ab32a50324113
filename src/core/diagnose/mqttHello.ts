// The smallest MQTT 3.1.1 exchange (OASIS MQTT 3.1.1, 3.1 and 3.2): so that brokers log a client, not a protocol error.

/** CONNECT, clean session, keep-alive 10 s, no user. `clientId` up to 23 ASCII characters. */
export function connectPacket(clientId: string): Uint8Array {
  const id = Array.from(clientId.slice(0, 23), (character) => character.charCodeAt(0) & 0x7f);
  const body = [0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 10, 0, id.length, ...id];
  return Uint8Array.from([0x10, body.length, ...body]);
}

export const DISCONNECT_PACKET = Uint8Array.of(0xe0, 0);

/** CONNACK's return code; undefined while the bytes are none. */
export function connackCode(bytes: Uint8Array): number | undefined {
  return bytes.length >= 4 && bytes[0] === 0x20 && bytes[1] === 2 ? bytes[3] : undefined;
}
