// The connections of one TLS test: each says who it is, counts itself, and ends as cleanly as the broker lets it.
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { clientHello, type HelloOptions } from '../../core/tls/clientHello';
import type { TlsSettings } from '../mqtt/mqttTransport';
import type { OwnConnections } from '../network/ownConnections';
import { type HandshakeOptions, type HandshakeResult, handshake } from './tlsHandshake';
import { type HelloAnswer, sendHello } from './tlsHello';

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** CA (undefined: the system's roots), client certificate and key, server name. PEM texts; the key stays here. */
  readonly tls?: TlsSettings;
  /** For each step; default 5 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly own?: OwnConnections;
}

export type ShakeOptions = Omit<HandshakeOptions, 'timeoutMs' | 'signal' | 'clientId' | 'own'>;

export class ProbeLink {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What the certificate must be for; sent as SNI unless it is an address. */
  readonly name: string;
  /** Set once it is known that nobody answers CONNECT here: then nothing is waited for. */
  speaksMqtt = true;
  connections = 0;
  /** How many of them the server turned down or could not be finished: those stand in its log as errors. */
  unfinished = 0;

  constructor(readonly target: ProbeTarget) {
    this.timeoutMs = target.timeoutMs ?? 5_000;
    this.signal = target.signal ?? new AbortController().signal;
    setMaxListeners(100, this.signal); // one for each connection that is open at the time
    this.name = target.tls?.servername || target.host.replace(/^\[(.*)\]$/, '$1');
  }

  /** A hello that goes no further: for what this Node's TLS library cannot offer. */
  hello(options: Omit<HelloOptions, 'random' | 'servername'>): Promise<HelloAnswer> {
    const random = randomBytes(32);
    const bytes = clientHello({ ...options, random, ...(isIP(this.name) ? {} : { servername: this.name }) });
    this.connections++;
    this.unfinished++;
    return sendHello(this.target, bytes, this.timeoutMs, this.signal);
  }

  /** A whole handshake with CONNECT and DISCONNECT; `tls` instead of the identity and CA that were given. */
  async shake(options: ShakeOptions, tls: TlsSettings | undefined = this.target.tls): Promise<HandshakeResult> {
    const { host, port, own } = this.target;
    const clientId = `secure-iot-${randomBytes(5).toString('hex')}`;
    this.connections++;
    const result = await handshake(
      { host, port, ...(tls ? { tls } : {}) },
      {
        ...(this.speaksMqtt ? {} : { answerMs: 0 }),
        ...options,
        timeoutMs: this.timeoutMs,
        signal: this.signal,
        clientId,
        ...(own ? { own } : {}),
      },
    );
    const { outcome } = result.answer;
    // No answer where MQTT is spoken: in TLS 1.3 the refusal comes after the handshake and can be lost on the way.
    if (outcome === 'tls-refused' || (outcome === 'no-answer' && this.speaksMqtt)) this.unfinished++;
    return result;
  }
}
