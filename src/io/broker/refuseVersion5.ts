// aedes 1.2 speaks MQTT 3.1 and 3.1.1, and answers an MQTT 5 client in the format of 3.1.1: code 1, which esp-mqtt prints
// as "Unknown reason". This answers it in its own format (MQTT 5.0 section 3.2): reason code 0x84 and a sentence.
// To go when aedes 2, which speaks MQTT 5, is released.
import type { Client } from 'aedes';

/** MQTT 5 reason code "Unsupported Protocol Version". */
export const UNSUPPORTED_VERSION = 0x84;
const REASON_STRING = 0x1f;
const SENTENCE = 'This broker speaks MQTT 3.1.1, not MQTT 5.';

/** For `Aedes.preConnect`. */
export function refuseVersion5(
  client: Client,
  { protocolVersion }: { readonly protocolVersion?: number },
  done: (error: Error | null, successful: boolean) => void,
): void {
  if (protocolVersion !== 5) {
    done(null, true);
    return;
  }
  const refusal = Object.assign(new Error('MQTT 5 is not supported'), { errorCode: UNSUPPORTED_VERSION });
  client.conn.write(connack(), () => done(refusal, false));
}

function connack(): Uint8Array {
  const text = Buffer.from(SENTENCE);
  const properties = Buffer.concat([Buffer.from([REASON_STRING, 0, text.length]), text]);
  const body = Buffer.concat([Buffer.from([0, UNSUPPORTED_VERSION, properties.length]), properties]);
  return Buffer.concat([Buffer.from([0x20, body.length]), body]);
}
