// A session with a broker for one run of the command line: waits for the first connection, tells of the later ones.
import { CancelledError } from '../core/errors';
import { type ConnectFailure, type ConnectPhase, refusesVersion } from '../core/mqtt/connectFailure';
import { addressOf } from '../core/mqtt/connectionProfile';
import { visibleLine } from '../core/mqtt/visibleText';
import { ConnectError } from '../io/mqtt/connectError';
import { identityNames } from '../io/mqtt/connectionFiles';
import { MqttSession, type SessionListener, type SessionState } from '../io/mqtt/mqttSession';
import { type BrokerConnection, PASSWORD_VARIABLE } from './connectionOptions';

export interface BrokerSession {
  readonly session: MqttSession;
  /** Resolves when the connection is gone for good. */
  readonly lost: Promise<ConnectFailure>;
}

/** Resolves once the broker has accepted us. Throws ConnectError when the first try fails, CancelledError by `signal`. */
export async function openSession(
  connection: BrokerConnection,
  hear: Omit<SessionListener, 'onState' | 'onPacket'>,
  signal: AbortSignal,
): Promise<BrokerSession> {
  const { profile, session: options, values } = connection;
  const tell = (text: string): void => {
    if (!values.quiet) process.stderr.write(`${text}\n`);
  };
  let goneForGood: (failure: ConnectFailure) => void = () => undefined;
  const lost = new Promise<ConnectFailure>((resolve) => {
    goneForGood = resolve;
  });
  let wasConnected = false;
  const session = await new Promise<MqttSession>((resolve, reject) => {
    const onState = (state: SessionState): void => {
      if (state.type === 'connected') {
        tell(wasConnected ? 'Connected again.' : `Connected to ${addressOf(profile)}${tlsWords(connection, state)}.`);
        wasConnected = true;
        resolve(opened);
      } else if (state.type === 'failed' && !wasConnected) {
        void opened.disconnect();
        reject(new ConnectError(state.failure, state.tls ?? undefined));
      } else if (state.type === 'failed' && state.retryAtMs === null) goneForGood(state.failure);
      else if (state.type === 'failed') tell(`${state.failure.reason} Trying again.`);
    };
    const onPacket: SessionListener['onPacket'] = (direction, { name, detail }) => {
      const time = new Date().toISOString().slice(11, 23);
      process.stderr.write(`${time} ${direction === 'out' ? '->' : '<-'} ${name} ${visibleLine(detail)}\n`);
    };
    const opened = new MqttSession(options, { ...hear, onState, ...(values.trace ? { onPacket } : {}) });
    signal.addEventListener('abort', () => {
      if (wasConnected) return; // then it is the caller's to end it
      void opened.disconnect();
      reject(new CancelledError());
    });
    opened.connect();
  });
  return { session, lost };
}

function tlsWords(
  { profile }: BrokerConnection,
  { tls }: Extract<SessionState, { readonly type: 'connected' }>,
): string {
  if (!tls) return ', without TLS';
  const { identity } = profile;
  const name = identity.type === 'file' ? identity.certificate : identity.type === 'device' ? identity.name : undefined;
  const who = name === undefined ? 'without a client certificate' : `as ${name}`;
  return `, ${tls.version} ${tls.cipher}, ${who}`;
}

const SEEN_BY_A_BOARD: readonly ConnectPhase[] = ['tls', 'certificate'];

/** What went wrong and what to do about it, for stderr. */
export async function failureText(error: ConnectError, connection: BrokerConnection): Promise<string> {
  const { failure, tls } = error;
  const { profile, certificates, values } = connection;
  const lines = [failure.reason];
  const leaf = tls?.chain[0];
  if (leaf && failure.phase === 'certificate') {
    const end = new Date(leaf.notAfterMs).toISOString().slice(0, 10);
    lines.push(visibleLine(`It is ${leaf.subject}, issued by ${leaf.issuer}, valid until ${end}.`));
  }
  if (wantsCertificate(failure) && profile.identity.type === 'none' && certificates !== undefined) {
    const names = await identityNames(certificates);
    if (names.length > 0) lines.push(`--as NAME shows one: ${names.slice(0, 10).join(', ')}.`);
  }
  if (/^CONNACK-(4|5|134|135)$/.test(failure.code)) {
    lines.push(`The password of --user NAME is read from ${PASSWORD_VARIABLE}.`);
  }
  if (refusesVersion(failure.code) && profile.version === '5') lines.push('That is --mqtt 3.1.1.');
  // ERR_OSSL is about our own files, before anything was sent.
  if (SEEN_BY_A_BOARD.includes(failure.phase) && !failure.code.startsWith('ERR_OSSL')) {
    const { host, port, servername } = profile;
    const file = (option: string, value: string | undefined): string[] =>
      value === undefined || value === 'system' ? [] : [option, quoted(value)];
    const words = [
      ...['secure-iot diagnose --host', quoted(host), '--port', String(port)],
      ...(servername ? ['--servername', quoted(servername)] : []),
      ...file('--ca', values.ca),
      ...file('--cert', values.cert),
      ...file('--key', values.key),
    ];
    lines.push(`What a board makes of it, and what mends it: ${words.join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function wantsCertificate({ phase, alert, reason }: ConnectFailure): boolean {
  return alert === 116 || alert === 40 || (phase !== 'certificate' && /client certificate/.test(reason));
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
