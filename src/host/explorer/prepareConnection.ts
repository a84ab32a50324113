// From a profile to a session: reads its certificates, adds its secrets.
import { UserError } from '../../core/errors';
import type { SessionOptions, SessionState } from '../../io/mqtt/mqttSession';
import type { TlsSettings } from '../../io/mqtt/mqttTransport';
import { type ConnectionProfile, usesTls } from '../../protocol/connectionProfile';
import type { PreparedConnection } from './brokerConnection';
import { tlsView } from './tlsView';

export interface ProfileSecrets {
  readonly password: string | undefined;
  readonly passphrase: string | undefined;
}

/** `certificates`: the workspace's certificates folder. Throws UserError when a file is missing or broken. */
export async function prepareConnection(
  profile: ConnectionProfile,
  secrets: ProfileSecrets,
  certificates: string | undefined,
): Promise<PreparedConnection> {
  const { MqttSession } = await import('../../io/mqtt/mqttSession');
  const tls = usesTls(profile.protocol) ? await readTls(profile, secrets, certificates) : undefined;
  const { protocol, host, port, path, version, clientId, username, keepAlive, cleanStart, sessionExpiry } = profile;
  const opener = await payloadOpener(certificates);
  const options: SessionOptions = {
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
  return {
    open: (listener) => new MqttSession(options, listener),
    inClear: (message) => opener.open(message),
    tlsView: (state) => viewOf(profile, state),
  };
}

/** Opens what devices without TLS send, with the keys that are in the certificates folder now. */
async function payloadOpener(certificates: string | undefined) {
  const { PayloadOpener } = await import('../../io/mqtt/payloadOpener');
  const { readPayloadKeys } = await import('../../io/mqtt/payloadKeys');
  return new PayloadOpener(certificates === undefined ? new Map() : await readPayloadKeys(certificates));
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
  const { readConnectionFiles } = await import('../../io/mqtt/connectionFiles');
  return {
    ...(await readConnectionFiles(certificates ?? '', trust, identity)),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername ? { servername } : {}),
    ...(alpn ? { alpn: alpn.split(',').map((name) => name.trim()) } : {}),
  };
}

function viewOf({ trust, identity }: ConnectionProfile, state: SessionState) {
  if ((state.type !== 'connected' && state.type !== 'failed') || !state.tls) return null;
  const trustedBy = {
    workspace: "this workspace's authority",
    system: "this system's authorities",
    file: 'the authority that you picked',
  }[trust.type];
  const clientCertificate = { none: null, device: identity.type === 'device' ? identity.name : null, file: 'Yours' };
  return tlsView(state.tls, { trustedBy, clientCertificate: clientCertificate[identity.type], nowMs: Date.now() });
}
