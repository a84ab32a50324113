// What a server sent in a handshake that was tapped: in clear for TLS 1.2; decrypted with our own secret for TLS 1.3.
import { type CipherGCMTypes, createDecipheriv, createHmac } from 'node:crypto';
import { suiteName } from '../../core/tls/cipherSuites';
import { type ServerFlight, ServerFlightReader } from '../../core/tls/serverFlight12';
import { readFlight13 } from '../../core/tls/serverFlight13';
import { type HelloReply, HelloReplyReader } from '../../core/tls/serverHello';

export interface TappedFlight {
  readonly hello: HelloReply;
  readonly flight: ServerFlight;
}

const TLS13 = 0x0304;
const NOTHING: ServerFlight = { chain: [], complete: false, notTls: false };

/** `secret`: SERVER_HANDSHAKE_TRAFFIC_SECRET of this connection, from Node's `keylog` event. Never throws. */
export function readTappedFlight(received: Uint8Array, secret?: Buffer): TappedFlight {
  const helloReader = new HelloReplyReader();
  helloReader.push(received);
  const hello = helloReader.reply;
  if (hello.version === TLS13) return { hello, flight: secret ? flight13(received, secret, hello) : NOTHING };
  const reader = new ServerFlightReader();
  reader.push(received);
  return { hello, flight: reader.state };
}

function flight13(received: Uint8Array, secret: Buffer, { suite = 0 }: HelloReply): ServerFlight {
  try {
    return readFlight13(handshakeMessages(received, new RecordOpener(secret, suiteName(suite))));
  } catch {
    return NOTHING; // a suite that this Node's crypto has not, or a record that does not verify
  }
}

/** The encrypted handshake messages up to Finished; what follows has other keys. */
function handshakeMessages(received: Uint8Array, opener: RecordOpener): Uint8Array {
  const messages: Uint8Array[] = [];
  for (let at = 0; at + 5 <= received.length; ) {
    const end = at + 5 + (received[at + 3] ?? 0) * 256 + (received[at + 4] ?? 0);
    if (end > received.length) break;
    if (received[at] === 23) {
      const { type, content } = opener.open(received.subarray(at, end));
      if (type !== 22) break;
      messages.push(content);
      if (readFlight13(Buffer.concat(messages)).complete) break;
    }
    at = end;
  }
  return Buffer.concat(messages);
}

/** The server's handshake keys (RFC 8446, 7.3); records must come in order. */
class RecordOpener {
  private sequence = 0;
  private readonly cipher: string;
  private readonly key: Buffer;
  private readonly iv: Buffer;
  private readonly tagLength: number;

  constructor(secret: Buffer, suite: string) {
    const hash = suite.endsWith('SHA384') ? 'sha384' : 'sha256';
    const keyLength = suite.startsWith('AES_128') ? 16 : 32;
    const mode = suite.includes('GCM') ? 'gcm' : 'ccm';
    this.cipher = suite.startsWith('CHACHA20') ? 'chacha20-poly1305' : `aes-${keyLength * 8}-${mode}`;
    this.tagLength = suite.includes('CCM_8') ? 8 : 16;
    this.key = expandLabel(hash, secret, 'key', keyLength);
    this.iv = expandLabel(hash, secret, 'iv', 12);
  }

  /** `record` with its header of 5 bytes. Throws when it does not verify. */
  open(record: Uint8Array): { readonly type: number; readonly content: Uint8Array } {
    const { tagLength: authTagLength } = this;
    const sealed = record.subarray(5, record.length - authTagLength);
    const nonce = Buffer.from(this.iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.sequence++) >>> 0, 8);
    const decipher = createDecipheriv(this.cipher as CipherGCMTypes, this.key, nonce, { authTagLength });
    decipher.setAuthTag(record.subarray(record.length - authTagLength));
    decipher.setAAD(record.subarray(0, 5), { plaintextLength: sealed.length });
    const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);
    let end = plain.length - 1;
    while (end > 0 && plain[end] === 0) end--; // padding
    return { type: plain[end] ?? 0, content: plain.subarray(0, end) };
  }
}

/** HKDF-Expand-Label with an empty context; one block is enough for keys and nonces. */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const full = `tls13 ${label}`;
  const info = Buffer.concat([Buffer.of(0, length, full.length), Buffer.from(full), Buffer.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
