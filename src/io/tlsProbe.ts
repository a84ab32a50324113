// The TLS test of a broker: asks it, by hand-made hellos and by real handshakes, everything that a board may meet.
//
//   const report = await probeTls({ host: 'localhost', port: 8883, ca, nowMs: Date.now(), signal });
//
// About forty short connections. Real handshakes end with a clean MQTT CONNECT and DISCONNECT. Hellos go no further and
// end with a close_notify, which mosquitto logs as "Client <unknown> disconnected: Protocol error".
import { constants, randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { lookAsBoard } from '../core/diagnose/deviceEye';
import { connackCode, connectPacket, DISCONNECT_PACKET } from '../core/diagnose/mqttHello';
import { CIPHER_SUITES } from '../core/tls/cipherSuites';
import {
  clientHello,
  FRAGMENT_CODES,
  type FragmentSize,
  GROUPS,
  type HelloOptions,
  type TlsVersion,
  VERSION_CODES,
} from '../core/tls/clientHello';
import { clientHello12 } from '../core/tls/clientHello12';
import type { MqttAnswer, ProbeReport, Resumption } from '../core/tls/probeReport';
import { type ServerFlight, ServerFlightReader } from '../core/tls/serverFlight12';
import type { HelloReply } from '../core/tls/serverHello';
import { type Certificate, parseCertificate } from '../core/x509/certificate';
import { readElement } from '../core/x509/der';
import { readName } from '../core/x509/name';
import { readCertificates } from '../core/x509/readCertificates';
import { ConnectError } from './connectError';
import { openTcp, type TlsSettings } from './mqttTransport';
import { fingerprint, verifySignature } from './signatureCheck';
import { type HandshakeResult, handshake } from './tlsHandshake';
import { CLOSE_NOTIFY, sendHello } from './tlsHello';

export interface ProbeRequest {
  readonly host: string;
  readonly port: number;
  /** CA (undefined: the system's roots), client certificate and key, server name. PEM texts; the key stays here. */
  readonly tls?: TlsSettings;
  /** For each step; default 5 s. */
  readonly timeoutMs?: number;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
  /** Called as parts are done, with what is being done now. */
  readonly onProgress?: (step: string) => void;
}

const VERSIONS: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];
const SUITES_12 = CIPHER_SUITES.filter(({ version }) => version === '1.2').map(({ code }) => code);
const SUITES_13 = CIPHER_SUITES.filter(({ version }) => version === '1.3').map(({ code }) => code);
const PARALLEL = 4;

/** Throws ConnectError when there is no connection or no TLS, UserError for broken PEM texts, the signal's reason. */
export async function probeTls(request: ProbeRequest): Promise<ProbeReport> {
  const probe = new Probe(request);
  return probe.run();
}

class Probe {
  private readonly timeoutMs: number;
  private readonly signal: AbortSignal;
  private readonly name: string;
  private readonly identityGiven: boolean;

  constructor(private readonly request: ProbeRequest) {
    this.timeoutMs = request.timeoutMs ?? 5_000;
    this.signal = request.signal ?? new AbortController().signal;
    setMaxListeners(100, this.signal); // one for each connection that is open at the time
    this.name = request.tls?.servername || request.host;
    this.identityGiven = request.tls?.certificate !== undefined;
  }

  async run(): Promise<ProbeReport> {
    const { host, port, nowMs } = this.request;
    const startedMs = performance.now();
    const versions = await this.versions();
    const offers12 = versions['1.2'].offered;
    const offers13 = versions['1.3'].offered;
    this.step('certificate chain');
    const flight = offers12 ? await this.flight(true) : undefined;
    this.step('handshakes');
    const main = await this.shake(offers13 ? 'TLSv1.3' : 'TLSv1.2');
    const other = offers12 && offers13 ? await this.shake('TLSv1.2') : undefined;
    const anonymous = this.identityGiven ? await this.shake(offers13 ? 'TLSv1.3' : 'TLSv1.2', {}, true) : main;
    this.step('session resumption');
    const resumption = await this.resumption(offers12 ? (other ?? main) : undefined, offers13 ? main : undefined);
    this.step('cipher suites');
    const suites = {
      '1.2': offers12 ? await this.suites('1.2', SUITES_12) : [],
      '1.3': offers13 ? await this.suites('1.3', SUITES_13) : [],
    };
    this.step('key exchange, fragments, SNI, ALPN');
    const [groups, fragmentSizes, alpn, bare, plainPort] = await Promise.all([
      this.groups(offers13 ? '1.3' : '1.2'),
      offers12 ? this.fragmentSizes() : [],
      this.alpn(offers12 ? '1.2' : '1.3'),
      offers12 && !isIP(this.name) ? this.flight(false) : undefined,
      this.plainPort(),
    ]);
    const chain = flight?.chain.length ? readChain(flight.chain) : (main.facts?.chain ?? []).map((c) => c.certificate);
    return {
      host,
      port,
      servername: this.name,
      timeMs: nowMs,
      durationMs: Math.round(performance.now() - startedMs),
      versions,
      suites,
      groups,
      fragmentSizes,
      chain,
      chainKnownBy: flight?.chain.length ? 'bytes' : 'openssl',
      fingerprints: chain.map(({ der }) => fingerprint(der)),
      trust: await this.trust(chain, [main, other, anonymous]),
      clientCertificate: {
        wanted: flight?.acceptedIssuers !== undefined || certificateMissed(anonymous.answer),
        required: certificateMissed(anonymous.answer),
        acceptedIssuers: (flight?.acceptedIssuers ?? []).flatMap(nameText),
      },
      resumption,
      handshakes: [main, other].flatMap((result) => result?.measure ?? []),
      ...(main.overheadBytes === undefined ? {} : { overheadBytes: main.overheadBytes }),
      ocspStapled: main.ocspStapled,
      alpn,
      ...(bare && flight ? { sameWithoutSni: sameLeaf(bare, flight) } : {}),
      mqtt: { withIdentity: main.answer, anonymous: anonymous.answer },
      ...(plainPort === undefined ? {} : { plainPort }),
    };
  }

  private step(name: string): void {
    this.signal.throwIfAborted();
    this.request.onProgress?.(name);
  }

  private hello(options: Omit<HelloOptions, 'random' | 'servername'>): Promise<HelloReply> {
    const random = randomBytes(32);
    const bytes = clientHello({ ...options, random, ...(isIP(this.name) ? {} : { servername: this.name }) });
    return sendHello(this.request, bytes, this.timeoutMs, this.signal);
  }

  private async versions(): Promise<ProbeReport['versions']> {
    this.step('TLS versions');
    const ask = async (version: TlsVersion) => {
      const suites = version === '1.3' ? SUITES_13 : SUITES_12;
      const reply = await this.hello({ version, suites, keyShare: randomBytes(32) });
      const offered = reply.version === VERSION_CODES[version];
      return { version, reply, fact: { offered, ...(reply.alert === undefined ? {} : { alert: reply.alert }) } };
    };
    const answers = await mapLimited(VERSIONS, PARALLEL, ask);
    if (answers.every(({ fact, reply }) => !fact.offered && reply.alert === undefined)) throw await this.notTls();
    const facts = Object.fromEntries(answers.map(({ version, fact }) => [version, fact]));
    if (answers.every(({ fact }) => !fact.offered)) {
      const alert = answers[2]?.reply.alert ?? 0;
      throw new ConnectError({
        phase: 'tls',
        code: `ALERT-${alert}`,
        reason: `${this.request.host} port ${this.request.port} refuses every TLS version (alert ${alert}). It may want a server name (--servername) or a pre-shared key.`,
        transient: false,
      });
    }
    return facts as ProbeReport['versions'];
  }

  private async notTls(): Promise<ConnectError> {
    const { host, port } = this.request;
    const plain = await this.answersPlainMqtt(port);
    return new ConnectError({
      phase: 'tls',
      code: plain ? 'PLAIN-MQTT' : 'NOT-TLS',
      reason: plain
        ? `${host} port ${port} speaks MQTT without TLS. Test the TLS port (usually 8883), or set one up.`
        : `${host} port ${port} does not speak TLS. Check the port; 8883 is usual for MQTT over TLS.`,
      transient: false,
    });
  }

  /** The first flight of TLS 1.2, in clear: the chain as sent, and the request for a client certificate. */
  private async flight(withName: boolean): Promise<ServerFlight> {
    const reader = new ServerFlightReader();
    const socket = await openTcp(this.request.host, this.request.port, this.timeoutMs, this.signal);
    const name = withName && !isIP(this.name) ? this.name : undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      socket.on('error', done).on('close', done);
      socket.on('data', (bytes) => {
        reader.push(bytes);
        if (reader.finished) done();
      });
      socket.write(clientHello12(randomBytes(32), name));
    });
    if (socket.writable) socket.end(CLOSE_NOTIFY, () => socket.destroy());
    else socket.destroy();
    return reader.state;
  }

  private shake(
    version: 'TLSv1.2' | 'TLSv1.3',
    more: { readonly session?: Buffer; readonly secureOptions?: number } = {},
    anonymous = false,
  ): Promise<HandshakeResult> {
    const { host, port, tls = {} } = this.request;
    const { certificate: _certificate, key: _key, passphrase: _passphrase, ...without } = tls;
    const clientId = `secure-iot-${randomBytes(5).toString('hex')}`;
    const options = { version, timeoutMs: this.timeoutMs, signal: this.signal, clientId, ...more };
    return handshake({ host, port, tls: anonymous ? without : tls }, options);
  }

  private async resumption(
    full12: HandshakeResult | undefined,
    full13: HandshakeResult | undefined,
  ): Promise<ProbeReport['resumption']> {
    const again = async (
      version: 'TLSv1.2' | 'TLSv1.3',
      first: HandshakeResult | undefined,
      secureOptions?: number,
    ): Promise<Resumption | undefined> => {
      // Without a full handshake that the broker took too, nothing can be said about a resumed one.
      if (!first?.facts || first.answer.outcome === 'tls-refused') return undefined;
      if (!first.session) return { works: false };
      const flags = secureOptions === undefined ? {} : { secureOptions };
      const second = await this.shake(version, { session: first.session, ...flags });
      const works = second.facts?.resumed === true;
      return { works, ...(works && second.measure ? { measure: second.measure } : {}) };
    };
    const noTicket = constants.SSL_OP_NO_TICKET;
    const byId = full12?.facts ? await this.shake('TLSv1.2', { secureOptions: noTicket }) : undefined;
    // One after the other: a server that serves one client at a time would let the second one wait.
    const ticket = full12?.facts && !full12.ticket ? { works: false } : await again('TLSv1.2', full12);
    const id = await again('TLSv1.2', byId, noTicket);
    const psk13 = await again('TLSv1.3', full13);
    return { ...(id ? { id } : {}), ...(ticket ? { ticket } : {}), ...(psk13 ? { psk13 } : {}) };
  }

  /** Offers all, strikes out what the server takes, and asks again until it refuses: one connection for each suite. */
  private async suites(version: '1.2' | '1.3', all: readonly number[]): Promise<number[]> {
    const taken: number[] = [];
    for (let left = [...all]; left.length > 0; ) {
      const { suite } = await this.hello({ version, suites: left, keyShare: randomBytes(32) });
      if (suite === undefined || !left.includes(suite)) break;
      taken.push(suite);
      left = left.filter((code) => code !== suite);
    }
    return taken;
  }

  private async groups(version: '1.2' | '1.3'): Promise<number[]> {
    const ecdhe = CIPHER_SUITES.filter(({ exchange }) => exchange === 'ecdhe').map(({ code }) => code);
    const suites = version === '1.3' ? SUITES_13 : ecdhe;
    const answers = await mapLimited(Object.keys(GROUPS).map(Number), PARALLEL, async (group) => {
      const reply = await this.hello({ version, suites, groups: [group] });
      return reply.group === group ? [group] : [];
    });
    return answers.flat();
  }

  private async fragmentSizes(): Promise<FragmentSize[]> {
    const sizes = (Object.keys(FRAGMENT_CODES) as `${FragmentSize}`[]).map((text) => Number(text) as FragmentSize);
    const answers = await mapLimited(sizes, PARALLEL, async (maxFragment) => {
      const reply = await this.hello({ version: '1.2', suites: SUITES_12, maxFragment });
      return reply.maxFragment === FRAGMENT_CODES[maxFragment] ? [maxFragment] : [];
    });
    return answers.flat();
  }

  /** Told in clear by TLS 1.2 only. */
  private async alpn(version: '1.2' | '1.3'): Promise<string> {
    if (version === '1.3') return '';
    return (await this.hello({ version, suites: SUITES_12, alpn: ['mqtt'] })).alpn ?? '';
  }

  private async plainPort(): Promise<number | undefined> {
    const port = 1883;
    return this.request.port !== port && (await this.answersPlainMqtt(port)) ? port : undefined;
  }

  private async answersPlainMqtt(port: number): Promise<boolean> {
    const wait = Math.min(this.timeoutMs, 2_000);
    const socket = await openTcp(this.request.host, port, wait, this.signal).catch(() => undefined);
    if (!socket) return false;
    const answered = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), wait);
      const done = (yes: boolean): void => {
        clearTimeout(timer);
        resolve(yes);
      };
      socket.on('data', (bytes) => done(connackCode(bytes) !== undefined));
      socket.on('error', () => done(false)).on('close', () => done(false));
      socket.write(connectPacket(`secure-iot-${randomBytes(5).toString('hex')}`));
    });
    if (answered) socket.end(DISCONNECT_PACKET, () => socket.destroy());
    else socket.destroy();
    return answered;
  }

  /** OpenSSL's answer from a handshake; where none finished (client certificate missing), the same rules applied here. */
  private async trust(
    chain: readonly Certificate[],
    results: readonly (HandshakeResult | undefined)[],
  ): Promise<ProbeReport['trust']> {
    const given = this.request.tls?.ca;
    const facts = results.find((result) => result?.facts)?.facts;
    const authority = given === undefined ? 'system' : 'given';
    const problems = facts ?? offlineProblems(chain, given, this.name, this.request.nowMs);
    const { chainProblem, nameProblem } = problems;
    if (given === undefined || !facts) return { authority, chainProblem, nameProblem };
    const { ca: _ca, ...rest } = this.request.tls ?? {};
    const bySystem = await handshake(
      { host: this.request.host, port: this.request.port, tls: rest },
      {
        version: facts.version === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
        timeoutMs: this.timeoutMs,
        signal: this.signal,
        clientId: `secure-iot-${randomBytes(5).toString('hex')}`,
      },
    );
    return { authority, chainProblem, nameProblem, bySystem: bySystem.facts?.chainProblem === '' };
  }
}

function offlineProblems(
  chain: readonly Certificate[],
  ca: string | undefined,
  hostName: string,
  now: number,
): { readonly chainProblem: string; readonly nameProblem: string } {
  const anchors = ca === undefined ? [] : readCertificates(ca);
  const view = lookAsBoard({ stack: 'mbedtls-3.6', anchors, chain, hostName, now, checksDates: true, verifySignature });
  const has = (objection: (typeof view.objections)[number]): boolean => view.objections.includes(objection);
  const chainProblem = has('expired')
    ? 'CERT_HAS_EXPIRED'
    : has('not-yet-valid')
      ? 'CERT_NOT_YET_VALID'
      : view.objections.some((objection) => objection !== 'name-mismatch')
        ? 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
        : '';
  return { chainProblem, nameProblem: has('name-mismatch') ? 'ERR_TLS_CERT_ALTNAME_INVALID' : '' };
}

function certificateMissed(answer: MqttAnswer): boolean {
  return answer.outcome === 'tls-refused' && (answer.alert === 116 || answer.alert === 40 || answer.alert === 42);
}

function readChain(ders: readonly Uint8Array[]): Certificate[] {
  return ders.map((der) => parseCertificate(der));
}

function nameText(der: Uint8Array): string[] {
  try {
    return [readName(readElement(der)).text];
  } catch {
    return [];
  }
}

function sameLeaf(a: ServerFlight, b: ServerFlight): boolean {
  const [left] = a.chain;
  const [right] = b.chain;
  return left !== undefined && right !== undefined && Buffer.compare(left, right) === 0;
}

async function mapLimited<T, R>(items: readonly T[], limit: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await run(item);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
