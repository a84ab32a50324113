// Replays a board's TLS handshake from this machine: what the broker sends, and how it answers this identity.
import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls';
import type { Attempt, BrokerFacts, Reach, Silence } from '../../core/diagnose/brokerFacts';
import { connackCode, connectPacket, DISCONNECT_PACKET } from '../../core/diagnose/mqttHello';
import type { TlsStackId } from '../../core/diagnose/tlsStack';
import { UserError } from '../../core/errors';
import { alertNumberIn } from '../../core/tls/alerts';
import { commonSuites } from '../../core/tls/boardOffer';
import { opensslName } from '../../core/tls/cipherSuites';
import { clientHello12 } from '../../core/tls/clientHello12';
import { type ServerFlight, ServerFlightReader } from '../../core/tls/serverFlight12';
import { type Certificate, parseCertificate } from '../../core/x509/certificate';
import { readElement } from '../../core/x509/der';
import { type DistinguishedName, readName } from '../../core/x509/name';
import { type End, type Limits, talk } from './socketTalk';

export interface ReplayRequest extends Limits {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  /** What the board may run: offered is what all of them offer. Not empty. */
  readonly stacks: readonly TlsStackId[];
  /** The board's own pair, PEM. `key` is a secret and stays in this process. */
  readonly identity?: { readonly certificate: string; readonly key: string };
}

/** Never throws for what a broker does; throws CancelledError when the signal fires. */
export async function replayHandshake(request: ReplayRequest): Promise<BrokerFacts> {
  const base = { host: request.host, port: request.port, servername: request.servername };
  const hello = await sayHello(request);
  const nothing = { chain: [], asksForCertificate: false, acceptedIssuers: [], plainMqtt: false, notTls: false };
  if (hello.reach.kind !== 'open') return { ...base, ...nothing, reach: hello.reach };
  const { flight, silence } = hello;
  if (flight.notTls || silence) {
    const plainMqtt = await answersPlainMqtt(request);
    // A server that has TLS 1.3 only may end a TLS 1.2 hello without a word.
    const newer = flight.notTls || plainMqtt ? undefined : (await attemptWith(request, undefined, 'TLSv1.3')).attempt;
    if (newer?.outcome !== 'connected' && !needsCertificate(newer)) {
      return { ...base, ...nothing, reach: hello.reach, plainMqtt, notTls: flight.notTls, ...(silence && { silence }) };
    }
  }
  const old = oldVersion(flight);
  const version = old === 'TLS 1.1' ? 'TLSv1.1' : old ? 'TLSv1' : silence ? 'TLSv1.3' : 'TLSv1.2';
  const withoutCertificate = await attempt(request, undefined, version);
  const withCertificate = request.identity ? await attempt(request, request.identity, version) : undefined;
  const chain = flight.chain.length > 0 ? readChain(flight.chain) : readChain(withoutCertificate.chain);
  return {
    ...base,
    ...nothing,
    ...chain,
    reach: hello.reach,
    asksForCertificate: flight.acceptedIssuers !== undefined || needsCertificate(withoutCertificate.attempt),
    acceptedIssuers: readNames(flight.acceptedIssuers ?? []),
    ...(flight.alert === undefined ? {} : { tls12Alert: flight.alert }),
    ...(old === undefined ? {} : { oldVersion: old }),
    withoutCertificate: withoutCertificate.attempt,
    ...(withCertificate ? { withCertificate: withCertificate.attempt } : {}),
  };
}

function oldVersion({ version }: ServerFlight): BrokerFacts['oldVersion'] {
  if (version === 0x0302) return 'TLS 1.1';
  return version === 0x0301 ? 'TLS 1.0' : undefined;
}

/** TLS 1.3's own alert for it (RFC 8446, 6.2): there the request itself cannot be seen from outside. */
function needsCertificate(result: Attempt | undefined): boolean {
  return result?.outcome === 'refused' && result.alert === 116;
}

interface Hello {
  readonly reach: Reach;
  readonly flight: ServerFlight;
  /** Instead of a flight. */
  readonly silence?: Silence;
}

/** One raw TLS 1.2 hello as the board's; the connection is closed after the server's first flight. */
async function sayHello(request: ReplayRequest): Promise<Hello> {
  const reader = new ServerFlightReader();
  const socket = connectTcp({ host: request.host, port: request.port });
  const end = await talk(
    request,
    socket,
    'connect',
    (bytes) => {
      reader.push(bytes);
      return reader.finished;
    },
    () =>
      clientHello12(
        randomBytes(32),
        commonSuites(request.stacks).map(({ code }) => code),
        isIP(request.servername) ? undefined : request.servername,
      ),
  );
  const flight = reader.state;
  if (!end.opened) return { reach: reachOf(end.error), flight };
  const silent = flight.chain.length === 0 && !reader.finished;
  return { reach: { kind: 'open' }, flight, ...(silent ? { silence: silenceOf(end) } : {}) };
}

function silenceOf({ error, timedOut }: End): Silence {
  if (timedOut) return 'stalls';
  return error ? 'resets' : 'closes';
}

function reachOf(error: NodeJS.ErrnoException | undefined): Reach {
  const detail = error?.message ?? 'no answer';
  switch (error?.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { kind: 'dns', detail };
    case 'ECONNREFUSED':
      return { kind: 'refused', detail };
    case undefined:
    case 'ETIMEDOUT':
      return { kind: 'timeout', detail };
    default:
      return { kind: 'unreachable', detail };
  }
}

async function answersPlainMqtt(request: ReplayRequest): Promise<boolean> {
  let answer: number | undefined;
  const socket = connectTcp({ host: request.host, port: request.port });
  await talk(
    request,
    socket,
    'connect',
    (bytes) => {
      answer = connackCode(bytes);
      return true;
    },
    () => connectPacket(clientId()),
  );
  return answer !== undefined;
}

type Identity = NonNullable<ReplayRequest['identity']>;

/** A whole handshake and an MQTT CONNECT; by TLS 1.3 too where 1.2, which boards speak, is refused. */
async function attempt(
  request: ReplayRequest,
  identity: Identity | undefined,
  version: SecureVersion,
): Promise<{ readonly attempt: Attempt; readonly chain: readonly Uint8Array[] }> {
  const first = await attemptWith(request, identity, version);
  const refusedVersion =
    version === 'TLSv1.2' &&
    first.attempt.outcome === 'refused' &&
    (first.attempt.alert === 70 || first.attempt.alert === 86);
  return refusedVersion ? attemptWith(request, identity, 'TLSv1.3') : first;
}

async function attemptWith(
  request: ReplayRequest,
  identity: Identity | undefined,
  version: SecureVersion,
): Promise<{ readonly attempt: Attempt; readonly chain: readonly Uint8Array[] }> {
  let socket: TLSSocket;
  try {
    socket = connectTls({
      host: request.host,
      port: request.port,
      // Judging the broker's certificate is the board rules' part; here it only has to come.
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
      ...(version === 'TLSv1.3' ? {} : { ciphers: ciphers(request.stacks, version) }),
      ...(isIP(request.servername) ? {} : { servername: request.servername }),
      ...(identity ? { cert: identity.certificate, key: identity.key } : {}),
    });
  } catch (error) {
    // OpenSSL could not load the pair (damaged, or the key is another's): the replay has nothing to offer then.
    return { attempt: { outcome: 'refused', message: (error as Error).message }, chain: [] };
  }
  let connack: number | undefined;
  let chain: readonly Uint8Array[] = [];
  let session = { version: '', cipher: '' };
  socket.once('secureConnect', () => {
    chain = sentChain(socket);
    session = { version: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
  });
  const end = await talk(
    request,
    socket,
    'secureConnect',
    (bytes) => {
      connack = connackCode(bytes);
      return true;
    },
    () => connectPacket(clientId()),
    DISCONNECT_PACKET,
  );
  if (end.error || !end.opened) {
    const message = end.error?.message ?? 'the broker closed the connection in the handshake';
    const alert = alertNumberIn(message);
    return { attempt: { outcome: 'refused', message, ...(alert === undefined ? {} : { alert }) }, chain };
  }
  return { attempt: { outcome: 'connected', ...session, ...(connack === undefined ? {} : { connack }) }, chain };
}

/** OpenSSL has no old version at its default level; what a board would speak is to be seen here. */
function ciphers(stacks: readonly TlsStackId[], version: SecureVersion): string {
  const names = commonSuites(stacks).map(opensslName);
  return [...names, ...(version === 'TLSv1.2' ? [] : ['@SECLEVEL=0'])].join(':');
}

function clientId(): string {
  return `secure-iot-${randomBytes(5).toString('hex')}`;
}

/** Node orders the chain by issuer; only used where TLS 1.3 hides what was sent. */
function sentChain(socket: TLSSocket): Uint8Array[] {
  const found: Uint8Array[] = [];
  let certificate = socket.getPeerCertificate(true);
  while (certificate?.raw && !found.some((known) => Buffer.compare(known, certificate.raw) === 0)) {
    found.push(new Uint8Array(certificate.raw));
    certificate = certificate.issuerCertificate;
  }
  return found;
}

function readChain(ders: readonly Uint8Array[]): { chain: Certificate[]; chainProblem?: string } {
  const chain: Certificate[] = [];
  for (const [i, der] of ders.entries()) {
    try {
      chain.push(parseCertificate(der));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { chain, chainProblem: `Certificate ${i + 1} of the broker's chain: ${error.message}` };
    }
  }
  return { chain };
}

function readNames(ders: readonly Uint8Array[]): DistinguishedName[] {
  const names: DistinguishedName[] = [];
  for (const der of ders) {
    try {
      names.push(readName(readElement(der)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return names;
}
