// A connection profile with its certificates and secrets read, as a session takes it: for the explorer and the command line.
import { UserError } from '../../core/errors';
import { type ConnectionProfile, usesTls } from '../../core/mqtt/connectionProfile';
import { readConnectionFiles } from './connectionFiles';
import type { SessionOptions } from './mqttSession';
import type { TlsSettings } from './mqttTransport';

export interface ProfileSecrets {
  readonly password: string | undefined;
  /** Of the client key. */
  readonly passphrase: string | undefined;
}

/** `certificates`: the certificates folder. Throws UserError when a file is missing or broken. */
export async function sessionOptions(
  profile: ConnectionProfile,
  secrets: ProfileSecrets,
  certificates: string | undefined,
): Promise<SessionOptions> {
  const tls = usesTls(profile.protocol) ? await readTls(profile, secrets, certificates) : undefined;
  const { protocol, host, port, path, version, clientId, username, keepAlive, cleanStart, sessionExpiry } = profile;
  return {
    protocol,
    host,
    port,
    path,
    version,
    clientId,
    username,
    keepAlive,
    cleanStart,
    sessionExpiry,
    ...(secrets.password === undefined ? {} : { password: secrets.password }),
    ...(profile.lastWill ? { lastWill: profile.lastWill } : {}),
    ...(tls ? { tls } : {}),
  };
}

/** Throws UserError when a file is missing or broken. */
export async function readTls(
  profile: ConnectionProfile,
  { passphrase }: ProfileSecrets,
  certificates: string | undefined,
): Promise<TlsSettings> {
  const { trust, identity, servername, alpn } = profile;
  if (certificates === undefined && (trust.type === 'workspace' || identity.type === 'device'))
    throw new UserError(
      'no-workspace',
      'Open a folder first: the certificates of this connection are in a workspace. Or pick files instead.',
    );
  return {
    ...(await readConnectionFiles(certificates ?? '', trust, identity)),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername ? { servername } : {}),
    ...(alpn ? { alpn: alpn.split(',').map((name) => name.trim()) } : {}),
  };
}
