// The options that `secure-iot sub` and `pub` share, as a connection profile with its certificates and secrets read.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../core/errors';
import { parseBrokerUrl } from '../core/mqtt/brokerUrl';
import {
  type ConnectionProfile,
  type Identity,
  newProfile,
  profile as parseProfile,
  type Qos,
  type Trust,
  usesTls,
} from '../core/mqtt/connectionProfile';
import { readSharedConnections } from '../core/mqtt/sharedConnections';
import { topicProblem } from '../core/mqtt/topicFilter';
import { ParseError } from '../core/parse';
import { fileError } from '../io/files/fileErrors';
import { identityNames, namedIdentity } from '../io/mqtt/connectionFiles';
import type { SessionOptions } from '../io/mqtt/mqttSession';
import { sessionOptions } from '../io/mqtt/profileSession';
import { CliUsageError, wholeNumber } from './arguments';
import { askSecret } from './passphrase';

export const connectionOptions = {
  ca: { type: 'string' },
  as: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  certs: { type: 'string', default: 'certs' },
  servername: { type: 'string' },
  alpn: { type: 'string' },
  connection: { type: 'string' },
  connections: { type: 'string', default: 'mqtt-connections.json' },
  user: { type: 'string', short: 'u' },
  'client-id': { type: 'string', short: 'i' },
  mqtt: { type: 'string' },
  'keep-alive': { type: 'string' },
  'keep-session': { type: 'boolean' },
  'session-expiry': { type: 'string' },
  'will-topic': { type: 'string' },
  'will-message': { type: 'string' },
  'will-qos': { type: 'string' },
  'will-retain': { type: 'boolean' },
  timeout: { type: 'string', default: '15' },
  trace: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const;

type Value<T> = T extends { readonly type: 'boolean' } ? boolean : string;
export type ConnectionValues = {
  readonly [K in keyof typeof connectionOptions]?: Value<(typeof connectionOptions)[K]> | undefined;
} & { readonly certs: string; readonly connections: string; readonly timeout: string };

export interface BrokerConnection {
  readonly profile: ConnectionProfile;
  readonly session: SessionOptions;
  /** Undefined where there is no such folder. */
  readonly certificates: string | undefined;
  readonly values: ConnectionValues;
}

export const PASSWORD_VARIABLE = 'SECURE_IOT_MQTT_PASSWORD';
const PASSPHRASE_VARIABLE = 'SECURE_IOT_KEY_PASSPHRASE';

/** `address`: undefined where --connection names one. Throws CliUsageError, or UserError for what files say. */
export async function readConnection(address: string | undefined, values: ConnectionValues): Promise<BrokerConnection> {
  const timeoutMs = 1_000 * wholeNumber(values.timeout, '--timeout', 1, 3_600);
  const certificates = existsSync(values.certs) ? resolve(values.certs) : undefined;
  const base =
    values.connection === undefined ? addressed(address) : await saved(values.connection, values.connections);
  const profile = checked({ ...base, ...optionFields(values), ...(await tlsFields(base, values, certificates)) });
  const session = await sessionOptions(profile, await secretsOf(profile), certificates);
  if (session.tls?.key && isEncrypted(session.tls.key)) {
    const passphrase =
      process.env[PASSPHRASE_VARIABLE] ||
      (await askSecret('Passphrase of the client key: ', `set ${PASSPHRASE_VARIABLE}`));
    return { profile, session: { ...session, timeoutMs, tls: { ...session.tls, passphrase } }, certificates, values };
  }
  return { profile, session: { ...session, timeoutMs }, certificates, values };
}

export function qosOf(text: string, option: string): Qos {
  return wholeNumber(text, option, 0, 2) as Qos;
}

function addressed(text: string | undefined): ConnectionProfile {
  const url = text === undefined ? undefined : parseBrokerUrl(text);
  if (text === undefined || !url) {
    const what = text === undefined ? 'give the address of a broker' : `"${text}" is no address of a broker`;
    throw new CliUsageError(`${what}; it looks like mqtts://localhost:8883 (or mqtt://, wss://, ws://)`);
  }
  const { hadPassword, ...fields } = url;
  if (hadPassword)
    throw new UserError(
      'password-in-address',
      `A password does not belong in an address: every user of this machine sees it there. Set ${PASSWORD_VARIABLE} instead.`,
    );
  return newProfile({ id: 'command-line', name: text, ...fields });
}

/** A profile of a file that Export Connections… wrote. */
async function saved(name: string, file: string): Promise<ConnectionProfile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  const all = readSharedConnections(text);
  if (!all)
    throw new UserError('no-connections', `${file} holds no connections. Make it with Export Connections… in VS Code.`);
  const found = all.filter((profile) => profile.name === name);
  const [profile] = found;
  if (profile && found.length === 1) return profile;
  const names = all.map((known) => `"${known.name}"`).join(', ');
  throw new UserError(
    'no-connection',
    found.length > 1
      ? `${file} has ${found.length} connections called "${name}". Give the address instead.`
      : `${file} has no connection "${name}". It has: ${names || 'none'}.`,
  );
}

function optionFields(values: ConnectionValues): Partial<ConnectionProfile> {
  const { mqtt, alpn, servername, user } = values;
  if (mqtt !== undefined && mqtt !== '3.1.1' && mqtt !== '5') throw new CliUsageError('--mqtt takes 3.1.1 or 5');
  if (values['session-expiry'] !== undefined && mqtt === '3.1.1')
    throw new CliUsageError('--session-expiry needs --mqtt 5');
  const willTopic = values['will-topic'];
  if (willTopic === undefined && (values['will-message'] ?? values['will-qos'] ?? values['will-retain']) !== undefined)
    throw new CliUsageError('a Last Will needs --will-topic');
  const problem = willTopic === undefined ? undefined : topicProblem(willTopic);
  if (problem) throw new CliUsageError(`--will-topic: ${problem}`);
  return {
    ...(mqtt === undefined ? {} : { version: mqtt }),
    ...(values['session-expiry'] === undefined
      ? {}
      : {
          version: '5' as const,
          sessionExpiry: wholeNumber(values['session-expiry'], '--session-expiry', 0, 4_294_967_295),
        }),
    ...(alpn === undefined ? {} : { alpn }),
    ...(servername === undefined ? {} : { servername }),
    ...(user === undefined ? {} : { username: user }),
    ...(values['client-id'] === undefined ? {} : { clientId: values['client-id'] }),
    ...(values['keep-alive'] === undefined
      ? {}
      : { keepAlive: wholeNumber(values['keep-alive'], '--keep-alive', 0, 65_535) }),
    ...(values['keep-session'] ? { cleanStart: false } : {}),
    ...(willTopic === undefined
      ? {}
      : {
          lastWill: {
            topic: willTopic,
            payload: values['will-message'] ?? '',
            qos: qosOf(values['will-qos'] ?? '0', '--will-qos'),
            retain: values['will-retain'] === true,
          },
        }),
  };
}

/** The folder's authority and identity are the defaults, but for a connection that says its own. */
async function tlsFields(
  base: ConnectionProfile,
  values: ConnectionValues,
  certificates: string | undefined,
): Promise<{ readonly trust?: Trust; readonly identity?: Identity }> {
  const { ca, as, cert, key } = values;
  if ((cert === undefined) !== (key === undefined)) throw new CliUsageError('--cert and --key go together');
  if (as !== undefined && cert !== undefined) throw new CliUsageError('choose one of --as and --cert');
  if (!usesTls(base.protocol)) {
    const given = ['ca', 'as', 'cert'].find((name) => values[name as 'ca'] !== undefined);
    if (given)
      throw new CliUsageError(`--${given} is for TLS, and ${base.protocol}:// has none; write ${base.protocol}s://`);
    return { identity: { type: 'none' } };
  }
  const ownFolder = certificates !== undefined && existsSync(join(certificates, 'ca', 'ca.crt'));
  const usual: Trust =
    values.connection !== undefined ? base.trust : ownFolder ? { type: 'workspace' } : { type: 'system' };
  const trust: Trust = ca === undefined ? usual : ca === 'system' ? { type: 'system' } : { type: 'file', path: ca };
  if (cert !== undefined && key !== undefined) return { trust, identity: { type: 'file', certificate: cert, key } };
  if (as === 'nobody') return { trust, identity: { type: 'none' } };
  if (as !== undefined) return { trust, identity: namedIdentity(values.certs, as) };
  if (values.connection !== undefined) return { trust, identity: base.identity };
  // Who we are is nothing to tell to somebody else's broker.
  const [name] = trust.type === 'workspace' && certificates !== undefined ? await identityNames(certificates) : [];
  return { trust, identity: name === undefined ? { type: 'none' } : namedIdentity(values.certs, name) };
}

function checked(profile: ConnectionProfile): ConnectionProfile {
  try {
    return parseProfile(profile, 'connection');
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new CliUsageError(error.message);
  }
}

/** A user name without a password is legal: Azure IoT Hub wants one beside a client certificate. */
async function secretsOf({ username }: ConnectionProfile) {
  const fromEnvironment = process.env[PASSWORD_VARIABLE];
  const ask = username !== '' && fromEnvironment === undefined && process.stdin.isTTY;
  const password = ask ? await askSecret(`Password of ${username}: `, `set ${PASSWORD_VARIABLE}`) : fromEnvironment;
  return { password: username !== '' && password ? password : undefined, passphrase: undefined };
}

function isEncrypted(key: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(key);
}
