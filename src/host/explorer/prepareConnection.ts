// Reads what a profile names (certificates, key, passphrase, password) and makes a session of it. Loads mqtt only then.
import type { ConnectionProfile } from '../../core/mqtt/connectionProfile';
import type { SessionState } from '../../io/mqtt/mqttSession';
import type { ProfileSecrets } from '../../io/mqtt/profileSession';
import type { PreparedConnection } from './brokerConnection';
import { tlsView } from './tlsView';

/** `certificates`: the workspace's certificates folder. Throws UserError when a file is missing or broken. */
export async function prepareConnection(
  profile: ConnectionProfile,
  secrets: ProfileSecrets,
  certificates: string | undefined,
): Promise<PreparedConnection> {
  const [{ MqttSession }, { sessionOptions }] = await Promise.all([
    import('../../io/mqtt/mqttSession'),
    import('../../io/mqtt/profileSession'),
  ]);
  const options = await sessionOptions(profile, secrets, certificates);
  const opener = await payloadOpener(certificates);
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
