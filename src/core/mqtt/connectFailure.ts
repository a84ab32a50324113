// Why a connection to a broker did not come up, in words, from what the network, TLS or MQTT said.
import { alertName, alertNumberIn } from '../tls/alerts';
import { VERIFY_REASONS } from '../tls/verifyCodes';
import { returnName } from './reasonCodes';

export type ConnectPhase = 'name' | 'tcp' | 'tls' | 'certificate' | 'websocket' | 'mqtt';

export interface ConnectFailure {
  readonly phase: ConnectPhase;
  /** The system's, OpenSSL's or MQTT's own code: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `CONNACK-5`. */
  readonly code: string;
  /** What happened and what to do next, two or three sentences. */
  readonly reason: string;
  /** True when trying again later may help by itself. */
  readonly transient: boolean;
  /** The fatal TLS alert that the broker sent. */
  readonly alert?: number;
}

/** What is known at the moment of failure. */
export interface FailureFacts {
  readonly host: string;
  readonly port: number;
  /** Error code of Node or of OpenSSL; `TIMEOUT` and `CLOSED` are ours. */
  readonly code: string;
  readonly message: string;
}

export function explainNetworkFailure({ host, port, code, message }: FailureFacts): ConnectFailure {
  const failure = (phase: ConnectPhase, reason: string): ConnectFailure => ({ phase, code, reason, transient: true });
  switch (code) {
    case 'ENOTFOUND':
      return failure(
        'name',
        `The name "${host}" is not known. Check its spelling, or use the broker’s address; names ending in .local work only in the same network.`,
      );
    case 'EAI_AGAIN':
      return failure('name', `The name "${host}" could not be looked up: the DNS server does not answer.`);
    case 'ECONNREFUSED':
      return failure(
        'tcp',
        `Nothing listens on ${host} port ${port}. Start the broker, or check the port (8883 for TLS, 1883 without).`,
      );
    case 'ETIMEDOUT':
    case 'TIMEOUT':
      return failure(
        'tcp',
        `${host} port ${port} does not answer. A firewall drops the packets, the machine is off, or the address is wrong.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('tcp', `There is no way to ${host} from here. Check the address, the network and the VPN.`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'CLOSED':
      return failure('tcp', `${host} port ${port} closed the connection at once. It may not be a broker’s port.`);
    default:
      return failure('tcp', `The connection to ${host} port ${port} failed: ${message}.`);
  }
}

const REFUSES_CERTIFICATE: readonly number[] = [42, 43, 44, 45, 46, 48, 49];

/** `sentCertificate`: whether we had a client certificate to show. */
export function explainTlsFailure(facts: FailureFacts & { readonly sentCertificate: boolean }): ConnectFailure {
  const { host, port, code, message, sentCertificate } = facts;
  const failure = (reason: string, transient = false): ConnectFailure => ({ phase: 'tls', code, reason, transient });
  const alert = alertNumberIn(message);
  if (alert !== undefined) return { ...failure(explainAlert(alert, host, sentCertificate)), alert };
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL/.test(code)) {
    return failure(`${host} port ${port} does not speak TLS. Use the TLS port (8883), or mqtt:// for this one.`);
  }
  if (/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/.test(code)) {
    return failure('The broker speaks only TLS 1.1 or older, which is not safe. Switch TLS 1.2 on in the broker.');
  }
  if (/DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK/.test(code)) {
    return failure(`The broker’s keys or hashes are too weak (${code}). Issue it an ECDSA P-256 certificate.`);
  }
  if (code === 'TIMEOUT') {
    return failure(`${host} port ${port} took the connection and did not finish the TLS handshake.`, true);
  }
  if (code === 'ECONNRESET' || code === 'CLOSED' || code === 'EPIPE') {
    return failure(
      `${host} port ${port} closed the connection in the TLS handshake without a reason. It may be a plain port, or want a client certificate; the broker’s log says more.`,
      true,
    );
  }
  return failure(`The TLS handshake with ${host} port ${port} failed: ${message} (${code}).`);
}

function explainAlert(alert: number, host: string, sentCertificate: boolean): string {
  if (alert === 116 || (alert === 40 && !sentCertificate)) {
    const sure = alert === 116 ? 'The broker asks' : 'The broker ended the handshake; it most likely asks';
    return `${sure} for a client certificate, and none was given. Choose one for this connection.`;
  }
  if (REFUSES_CERTIFICATE.includes(alert)) {
    return `The broker refused the client certificate (TLS alert ${alert}, ${alertName(alert)}). Use one that the broker’s CA has issued for clients.`;
  }
  if (alert === 70) return 'The broker takes none of the TLS versions offered (1.2 and 1.3). Switch TLS 1.2 on in it.';
  if (alert === 120) return 'The broker refused the ALPN protocol. Clear it, or use the one that the broker wants.';
  if (alert === 112) return `The broker does not know the server name "${host}" (SNI). Connect by its own name.`;
  return `The broker ended the TLS handshake with alert ${alert} (${alertName(alert)}). Its log may say why.`;
}

/** `code`: OpenSSL's verification code or `ERR_TLS_CERT_ALTNAME_INVALID`; `names`: what the certificate is for. */
export function explainCertificateFailure(code: string, name: string, names: readonly string[]): ConnectFailure {
  const known = VERIFY_REASONS[code];
  const mismatch = code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH';
  const why = mismatch
    ? `it is for ${names.join(', ') || 'no name at all'}, not for "${name}"`
    : (known?.reason ?? 'it did not verify');
  return {
    phase: 'certificate',
    code,
    reason: `The broker’s certificate was refused: ${why} (${code}). ${known?.advice ?? ''}`.trim(),
    transient: false,
  };
}

const CONNACK_ADVICE: Readonly<Record<number, string>> = {
  1: 'Use MQTT 3.1.1 for this connection.',
  132: 'Use MQTT 3.1.1 for this connection.',
  2: 'Use another client id.',
  133: 'Use another client id.',
  4: 'Check user name and password.',
  134: 'Check user name and password.',
  5: 'Check the broker’s access rules, and whether it wants a user name.',
  135: 'Check the broker’s access rules, and whether it wants a user name.',
};
const CONNACK_TRANSIENT: readonly number[] = [3, 136, 137, 139, 151, 159];

/** Whether `code` of a failure says that the broker does not speak this version of MQTT. */
export function refusesVersion(code: string): boolean {
  return code === 'CONNACK-1' || code === 'CONNACK-132';
}

/** `code`: CONNACK return code (3.1.1) or reason code (5). */
export function explainConnack(code: number): ConnectFailure {
  const advice = CONNACK_ADVICE[code] ?? 'The broker’s log says more.';
  return {
    phase: 'mqtt',
    code: `CONNACK-${code}`,
    reason: `The broker refused the connection: ${returnName(code)} (code ${code}). ${advice}`,
    transient: CONNACK_TRANSIENT.includes(code),
  };
}
