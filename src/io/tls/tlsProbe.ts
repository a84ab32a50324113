// The TLS test of a broker: asks it, by real handshakes and by hand-made hellos, everything that a board may meet.
//
//   const report = await probeTls({ host: 'localhost', port: 8883, ca, nowMs: Date.now(), signal });
//
// About sixty short connections. What the broker takes ends in a clean MQTT CONNECT and DISCONNECT. What it refuses (old
// versions, the offer of all that is left) it logs as such: `connections.unfinished` says how many those were.
import { isIP } from 'node:net';
import { type TlsVersion, VERSION_CODES } from '../../core/tls/clientHello';
import { explainForeignAnswer } from '../../core/tls/foreignAnswer';
import type { MqttAnswer, ProbeReport, VersionFact } from '../../core/tls/probeReport';
import { type Certificate, parseCertificate } from '../../core/x509/certificate';
import { readElement, sameBytes } from '../../core/x509/der';
import { readName } from '../../core/x509/name';
import { readOcspAnswer } from '../../core/x509/ocsp';
import { ConnectError } from '../mqtt/connectError';
import { fingerprint } from '../pki/signatureCheck';
import { answersPlainMqtt } from './plainMqtt';
import { ProbeLink, type ProbeTarget, type ShakeOptions } from './probeLink';
import { probeResumption } from './probeResumption';
import { probeTrust } from './probeTrust';
import { takenFragmentSizes } from './tlsFragments';
import type { HandshakeResult } from './tlsHandshake';
import { isOffered, SECURE_VERSIONS, suitesFor, takenGroups, takenSuites } from './tlsOffers';

export interface ProbeRequest extends ProbeTarget {
  readonly nowMs: number;
  /** Where plain MQTT is looked for; default 1883. */
  readonly plainPort?: number;
  /** Called as parts are done, with what is being done now. */
  readonly onProgress?: (step: string) => void;
}

const ALPN_OFFER = ['mqtt', 'x-amzn-mqtt-ca'];
const CURVE_GROUPS: Readonly<Record<string, number>> = { prime256v1: 23, secp384r1: 24, secp521r1: 25 };

/** Throws ConnectError when there is no connection or no TLS, UserError for broken PEM texts, the signal's reason. */
export function probeTls(request: ProbeRequest): Promise<ProbeReport> {
  return new Probe(request).run();
}

/** A handshake of one version that went far enough to learn something, and how to make the same again. */
interface Shaken {
  readonly how: ShakeOptions;
  readonly result: HandshakeResult;
}

interface VersionFinding {
  readonly fact: VersionFact;
  readonly shaken?: Shaken;
}

interface Versions {
  readonly facts: ProbeReport['versions'];
  /** The newest that is offered, and the next one where both 1.3 and 1.2 are. */
  readonly main?: Shaken;
  readonly other?: Shaken;
}

class Probe {
  private readonly link: ProbeLink;

  constructor(private readonly request: ProbeRequest) {
    this.link = new ProbeLink(request);
  }

  async run(): Promise<ProbeReport> {
    const { link, request } = this;
    const startedMs = performance.now();
    this.step('TLS versions and certificate chain');
    const { facts: versions, main: newest, other: next } = await this.versions();
    const main = newest?.result;
    const other = next?.result;
    link.speaksMqtt = [main, other].some((result) => result && result.answer.outcome !== 'no-answer');
    const anonymous = request.tls?.certificate === undefined ? main : await this.anonymous(newest);
    this.step('session resumption');
    const resumption = await probeResumption(link, ofVersion('1.2', main, other), ofVersion('1.3', main, other));
    this.step('cipher suites');
    const suites = await this.suites(versions);
    this.step('key exchange groups');
    const flight = [other, main].map((result) => result?.flight).find((found) => found?.chain.length);
    const chain = flight ? flight.chain.map(parseCertificate) : knownChain([main, other]);
    const groups = versions['1.3'].offered
      ? await takenGroups(link, '1.3')
      : versions['1.2'].offered
        ? await takenGroups(link, '1.2', CURVE_GROUPS[chain[0]?.publicKey.curve ?? ''])
        : [];
    this.step('fragments, ALPN, SNI, trust');
    const fragmentSizes = versions['1.2'].offered ? await takenFragmentSizes(link) : [];
    const { alpn, sameWithoutSni } = await this.names(newest);
    const required = certificateMissed(anonymous?.answer);
    const issuers = [other, main].find((result) => result?.flight.acceptedIssuers)?.flight.acceptedIssuers;
    const stapled = [main, other].find((result) => result?.ocsp)?.ocsp;
    const trust = await probeTrust(link, chain, [main, other, anonymous], request.nowMs);
    const plainPort = await this.plainPort();
    return {
      host: request.host,
      port: request.port,
      servername: link.name,
      timeMs: request.nowMs,
      durationMs: Math.round(performance.now() - startedMs),
      connections: { made: link.connections, unfinished: link.unfinished },
      versions,
      suites,
      groups,
      fragmentSizes,
      chain,
      chainKnownBy: flight ? 'bytes' : 'openssl',
      fingerprints: chain.map(({ der }) => fingerprint(der)),
      trust,
      clientCertificate: {
        wanted: issuers !== undefined || required,
        required,
        acceptedIssuers: (issuers ?? []).flatMap(nameText),
      },
      resumption,
      handshakes: [main, other].flatMap((result) => result?.measure ?? []),
      ocsp: stapled ? { stapled: true, ...readOcspAnswer(stapled) } : { stapled: false },
      alpn,
      ...(sameWithoutSni === undefined ? {} : { sameWithoutSni }),
      mqtt: {
        withIdentity: main?.answer ?? NO_ANSWER,
        anonymous: anonymous?.answer ?? NO_ANSWER,
      },
      ...(plainPort === undefined ? {} : { plainPort }),
    };
  }

  private step(name: string): void {
    this.link.signal.throwIfAborted();
    this.request.onProgress?.(name);
  }

  private async versions(): Promise<Versions> {
    const tls13 = await this.version('1.3');
    const tls12 = await this.version('1.2');
    if (tls13.silent && tls12.silent) throw await this.notTls();
    const tls11 = await this.byHello('1.1');
    const tls10 = await this.byHello('1.0');
    const facts = { '1.0': tls10.fact, '1.1': tls11.fact, '1.2': tls12.fact, '1.3': tls13.fact };
    if (Object.values(facts).every(({ offered }) => !offered)) {
      const alert = tls12.fact.alert ?? tls13.fact.alert ?? 0;
      throw new ConnectError({
        phase: 'tls',
        code: `ALERT-${alert}`,
        reason: `${this.request.host} port ${this.request.port} refuses every TLS version (alert ${alert}). It may want a server name (--servername).`,
        transient: false,
        alert,
      });
    }
    const found = [tls13, tls12, tls11, tls10].flatMap(({ shaken }) => shaken ?? []);
    const [main, other] = tls13.shaken && tls12.shaken ? found : found.slice(0, 1);
    return { facts, ...(main ? { main } : {}), ...(other ? { other } : {}) };
  }

  /** `silent`: no word of TLS came. */
  private async version(version: '1.2' | '1.3'): Promise<VersionFinding & { readonly silent: boolean }> {
    const how = { version: SECURE_VERSIONS[version] };
    const result = await this.link.shake(how);
    const { alert } = result.hello;
    if (isOffered(version, result.hello)) return { fact: { offered: true }, silent: false, shaken: { how, result } };
    const silent = alert === undefined && result.hello.version === undefined;
    // protocol_version says it all; anything else may be about what Node offers, such as no pre-shared key suites.
    if (silent || alert === 70) return { fact: { offered: false, ...(silent ? {} : { alert: 70 }) }, silent };
    return { ...(await this.byHello(version)), silent: false };
  }

  /** What Node does not offer by itself: old versions, and those with nothing but weak suites. */
  private async byHello(version: TlsVersion): Promise<VersionFinding> {
    const keyShare = crypto.getRandomValues(new Uint8Array(32));
    const reply = await this.link.hello({ version, suites: suitesFor(version), keyShare });
    const fact = {
      offered: reply.version === VERSION_CODES[version],
      ...(reply.alert === undefined ? {} : { alert: reply.alert }),
    };
    if (!fact.offered || version === '1.3') return { fact };
    const how = { version: SECURE_VERSIONS[version], ciphers: 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' };
    const result = await this.link.shake(how);
    return isOffered(version, result.hello) ? { fact, shaken: { how, result } } : { fact };
  }

  private async notTls(): Promise<ConnectError> {
    const { link } = this;
    const { host, port } = this.request;
    const hello = await link.hello({ version: '1.2', suites: suitesFor('1.2') });
    const plainMqtt = await answersPlainMqtt(host, port, Math.min(link.timeoutMs, 2_000), link.signal);
    const { start, endedBy } = hello;
    const found = explainForeignAnswer({ host, port, start, endedBy, plainMqtt, waitedMs: link.timeoutMs });
    return new ConnectError({ phase: 'tls', transient: false, ...found });
  }

  private async anonymous(main: Shaken | undefined): Promise<HandshakeResult | undefined> {
    const { certificate: _certificate, key: _key, passphrase: _passphrase, ...without } = this.request.tls ?? {};
    return main && this.link.shake(main.how, without);
  }

  private async suites(versions: ProbeReport['versions']): Promise<ProbeReport['suites']> {
    const of = async (version: TlsVersion): Promise<number[]> =>
      versions[version].offered ? takenSuites(this.link, version) : [];
    return { '1.0': await of('1.0'), '1.1': await of('1.1'), '1.2': await of('1.2'), '1.3': await of('1.3') };
  }

  private async names(main: Shaken | undefined): Promise<Pick<ProbeReport, 'alpn' | 'sameWithoutSni'>> {
    if (!main) return { alpn: '' };
    const offered = await this.link.shake({ ...main.how, alpn: ALPN_OFFER });
    const alpn = offered.facts?.alpn ?? offered.hello.alpn ?? '';
    if (isIP(this.link.name)) return { alpn };
    const bare = await this.link.shake({ ...main.how, sendServername: false });
    const [left] = bare.flight.chain;
    const [right] = main.result.flight.chain;
    return { alpn, ...(right ? { sameWithoutSni: left !== undefined && sameBytes(left, right) } : {}) };
  }

  private async plainPort(): Promise<number | undefined> {
    const { host, port, plainPort = 1883 } = this.request;
    if (port === plainPort) return undefined;
    const waitMs = Math.min(this.link.timeoutMs, 2_000);
    return (await answersPlainMqtt(host, plainPort, waitMs, this.link.signal)) ? plainPort : undefined;
  }
}

const NO_ANSWER: MqttAnswer = { outcome: 'no-answer' };

function ofVersion(version: TlsVersion, ...results: readonly (HandshakeResult | undefined)[]) {
  return results.find((result) => result && isOffered(version, result.hello));
}

function knownChain(results: readonly (HandshakeResult | undefined)[]): Certificate[] {
  const facts = results.find((result) => result?.facts)?.facts;
  return (facts?.chain ?? []).map(({ certificate }) => certificate);
}

/** TLS 1.3 has an alert of its own for it; before that servers end with handshake_failure or bad_certificate. */
function certificateMissed(answer: MqttAnswer | undefined): boolean {
  return answer?.outcome === 'tls-refused' && [116, 40, 42].includes(answer.alert ?? 0);
}

function nameText(der: Uint8Array): string[] {
  try {
    return [readName(readElement(der)).text];
  } catch {
    return [];
  }
}
