// The address of a broker as people write it.
import { DEFAULT_PORTS, type Protocol } from './connectionProfile';

export interface BrokerUrl {
  readonly protocol: Protocol;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Of a WebSocket; begins with a slash. */
  readonly path: string;
  /** Empty: none. */
  readonly username: string;
  /** It held a password, which is not given on. */
  readonly hadPassword: boolean;
}

const SCHEMES: Readonly<Record<string, Protocol>> = {
  mqtts: 'mqtts',
  mqtt: 'mqtt',
  wss: 'wss',
  ws: 'ws',
  ssl: 'mqtts',
  tls: 'mqtts',
  tcp: 'mqtt',
};

/** `mqtts://host:port`, `wss://host/path`, `host`, `[::1]:8883`: TLS where no scheme says otherwise. Undefined for anything else. */
export function parseBrokerUrl(text: string): BrokerUrl | undefined {
  const match = /^(?:([a-z]+):\/\/)?(?:([^@/\s]*)@)?(\[[0-9a-f:.]+\]|[^:/\s[\]@?#]+)(?::(\d{1,5}))?(\/\S*)?$/i.exec(
    text.trim(),
  );
  const protocol = SCHEMES[(match?.[1] ?? 'mqtts').toLowerCase()];
  if (!match?.[3] || !protocol) return undefined;
  const port = Number(match[4] ?? DEFAULT_PORTS[protocol]);
  const webSocket = protocol === 'ws' || protocol === 'wss';
  const path = match[5] ?? '/';
  if (port < 1 || port > 65_535 || (!webSocket && path !== '/')) return undefined;
  const [username = '', password] = (match[2] ?? '').split(':', 2);
  return {
    protocol,
    host: match[3].replace(/^\[(.*)\]$/, '$1'),
    port,
    path: webSocket && path === '/' ? '/mqtt' : path,
    username: unescaped(username),
    hadPassword: password !== undefined,
  };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
