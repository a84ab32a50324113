// A small TLS 1.2 client for hellos that Node cannot send: it finishes the handshake, says CONNECT and DISCONNECT, and
// goes. For a test of what a server takes: it verifies nothing and must carry nothing that is secret.
import {
  type CipherGCMTypes,
  createCipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { suiteName } from '../../core/tls/cipherSuites';
import type { ServerParameters } from '../../core/tls/handshakeMessages';

/** Suites that `finish` can do: ECDHE with AES-GCM or ChaCha20-Poly1305. */
export const FINISHABLE_SUITES: readonly number[] = [0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca9, 0xcca8];
export const FINISHABLE_GROUPS: readonly number[] = [29, 23, 24];

const CURVES: Readonly<Record<number, string>> = { 23: 'prime256v1', 24: 'secp384r1' };
/** SubjectPublicKeyInfo of X25519 without the key itself (RFC 8410). */
const X25519_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

export interface ClientIdentity {
  /** PEM, leaf first. */
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string;
}

export interface FinishedClient {
  /** The client's second flight, ready to send. */
  readonly flight: Uint8Array;
  /** Seals application data (type 23) or an alert (type 21) into a record. */
  seal(type: 21 | 23, content: Uint8Array): Uint8Array;
}

/** `transcript`: all handshake messages so far, without record headers. Throws what node:crypto throws. */
export function finishHandshake(
  server: ServerParameters,
  clientRandom: Uint8Array,
  transcript: Uint8Array,
  identity?: ClientIdentity,
): FinishedClient {
  const suite = suiteName(server.suite);
  const hash = suite.endsWith('SHA384') ? 'sha384' : 'sha256';
  const { point, secret } = agree(server);
  const messages: Uint8Array[] = [transcript];
  const records: Uint8Array[] = [];
  const say = (type: number, body: Uint8Array): void => {
    const message = Buffer.concat([Buffer.of(type), lengthOf(body, 3), body]);
    messages.push(message);
    records.push(record(22, message));
  };
  const shown = server.wantsCertificate ? identity : undefined;
  if (server.wantsCertificate) say(11, certificateList(shown));
  say(16, Buffer.concat([Buffer.of(point.length), point]));
  const master = server.extendedMasterSecret
    ? prf(hash, secret, 'extended master secret', digest(hash, messages), 48)
    : prf(hash, secret, 'master secret', Buffer.concat([clientRandom, server.serverRandom]), 48);
  if (shown) say(15, proof(shown, Buffer.concat(messages)));
  const sealer = new RecordSealer(suite, hash, master, clientRandom, server.serverRandom);
  const verify = prf(hash, master, 'client finished', digest(hash, messages), 12);
  const finished = sealer.seal(22, Buffer.concat([Buffer.of(20, 0, 0, 12), verify]));
  return {
    flight: Buffer.concat([...records, record(20, Buffer.of(1)), finished]),
    seal: (type, content) => sealer.seal(type, content),
  };
}

function agree({ group, point }: ServerParameters): { readonly point: Uint8Array; readonly secret: Buffer } {
  if (group !== 29) {
    const ecdh = createECDH(CURVES[group] ?? '');
    return { point: ecdh.generateKeys(), secret: ecdh.computeSecret(point) };
  }
  const own = generateKeyPairSync('x25519');
  const publicKey = createPublicKey({ key: Buffer.concat([X25519_PREFIX, point]), format: 'der', type: 'spki' });
  const spki = own.publicKey.export({ format: 'der', type: 'spki' });
  return { point: spki.subarray(-32), secret: diffieHellman({ privateKey: own.privateKey, publicKey }) };
}

/** Keys and nonces of our side (RFC 5246, 6.3; RFC 5288; RFC 7905). */
class RecordSealer {
  private sequence = 0n;
  private readonly cipher: string;
  private readonly key: Buffer;
  private readonly iv: Buffer;

  constructor(suite: string, hash: string, master: Buffer, clientRandom: Uint8Array, serverRandom: Uint8Array) {
    const keyLength = suite.includes('AES_128') ? 16 : 32;
    const ivLength = suite.includes('CHACHA20') ? 12 : 4;
    const seed = Buffer.concat([serverRandom, clientRandom]);
    const block = prf(hash, master, 'key expansion', seed, 2 * keyLength + 2 * ivLength);
    this.cipher = suite.includes('CHACHA20') ? 'chacha20-poly1305' : `aes-${keyLength * 8}-gcm`;
    this.key = block.subarray(0, keyLength);
    this.iv = block.subarray(2 * keyLength, 2 * keyLength + ivLength);
  }

  seal(type: number, content: Uint8Array): Buffer {
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(this.sequence++);
    const explicit = this.iv.length === 4 ? sequence : Buffer.alloc(0);
    const nonce = explicit.length > 0 ? Buffer.concat([this.iv, explicit]) : xorTail(this.iv, sequence);
    const options = { authTagLength: 16 };
    const cipher = createCipheriv(this.cipher as CipherGCMTypes, this.key, nonce, options);
    cipher.setAAD(Buffer.concat([sequence, Buffer.of(type, 3, 3), lengthOf(content, 2)]), {
      plaintextLength: content.length,
    });
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return record(type, Buffer.concat([explicit, sealed, cipher.getAuthTag()]));
  }
}

function certificateList(identity: ClientIdentity | undefined): Buffer {
  const pems = identity?.certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const entries = pems.map((pem) => {
    const { raw } = new X509Certificate(pem);
    return Buffer.concat([lengthOf(raw, 3), raw]);
  });
  const list = Buffer.concat(entries);
  return Buffer.concat([lengthOf(list, 3), list]);
}

/** CertificateVerify with SHA-256 (RFC 5246, 7.4.8). */
function proof({ key, passphrase }: ClientIdentity, messages: Uint8Array): Buffer {
  const privateKey: KeyObject = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  const scheme = privateKey.asymmetricKeyType === 'rsa' ? 0x0401 : 0x0403;
  const signature = sign('sha256', messages, privateKey);
  return Buffer.concat([Buffer.of(scheme >> 8, scheme & 0xff), lengthOf(signature, 2), signature]);
}

/** RFC 5246, 5. */
function prf(hash: string, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  const mac = (data: Uint8Array): Buffer => createHmac(hash, secret).update(data).digest();
  let a: Buffer = labelled;
  let out: Buffer = Buffer.alloc(0);
  while (out.length < length) {
    a = mac(a);
    out = Buffer.concat([out, mac(Buffer.concat([a, labelled]))]);
  }
  return out.subarray(0, length);
}

function digest(hash: string, messages: readonly Uint8Array[]): Buffer {
  return createHash(hash).update(Buffer.concat(messages)).digest();
}

function record(type: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(type, 3, 3), lengthOf(content, 2), content]);
}

function lengthOf(content: Uint8Array, size: 2 | 3): Buffer {
  const length = Buffer.alloc(size);
  length.writeUIntBE(content.length, 0, size);
  return length;
}

function xorTail(iv: Buffer, sequence: Buffer): Buffer {
  const nonce = Buffer.from(iv);
  for (let i = 0; i < 8; i++) nonce[i + 4] = (nonce[i + 4] ?? 0) ^ (sequence[i] ?? 0);
  return nonce;
}
