// A connection profile as the pane edits it. It names files and certificates; it never holds a key or a password.
import { flag, integer, list, nullable, object, oneOf, type Parsed, text, union } from '../parse';

export const PROTOCOLS = ['mqtts', 'mqtt', 'wss', 'ws'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** MQTT 5.0 section 1.5.4: a topic is at most 65,535 bytes of UTF-8. */
export const MAX_TOPIC = 65_535;
const MAX_PATH = 4_096;

/** Which certificates are trusted to sign the broker's. */
const trust = union({ workspace: {}, system: {}, file: { path: text(MAX_PATH) } });
export type Trust = Parsed<typeof trust>;

/** Which client certificate is shown to a broker that asks for one. `device` is its name in the certificates folder. */
const identity = union({
  none: {},
  device: { name: text(255) },
  file: { certificate: text(MAX_PATH), key: text(MAX_PATH) },
});
export type Identity = Parsed<typeof identity>;

const qos = oneOf(0, 1, 2);
export type Qos = Parsed<typeof qos>;

export const subscription = object({ filter: text(MAX_TOPIC), qos });
export type Subscription = Parsed<typeof subscription>;

const lastWill = object({ topic: text(MAX_TOPIC), payload: text(262_144), qos, retain: flag });

export const profile = object({
  id: text(64),
  name: text(200),
  protocol: oneOf(...PROTOCOLS),
  host: text(255),
  port: integer(1, 65_535),
  /** Of the WebSocket: begins with a slash. */
  path: text(1_024),
  version: oneOf('3.1.1', '5'),
  clientId: text(256),
  username: text(1_024),
  trust,
  identity,
  /** Server name sent in TLS and matched against the certificate; empty: the host. */
  servername: text(255),
  /** Application protocol offered in TLS, for example `mqtt`; empty: none. */
  alpn: text(255),
  /** Seconds; 0 switches it off. */
  keepAlive: integer(0, 65_535),
  cleanStart: flag,
  /** Seconds that the broker keeps the session after a disconnect (MQTT 5). */
  sessionExpiry: integer(0, 4_294_967_295),
  lastWill: nullable(lastWill),
  subscriptions: list(subscription, 100),
});
export type ConnectionProfile = Parsed<typeof profile>;

export const DEFAULT_PORTS: Readonly<Record<Protocol, number>> = { mqtts: 8883, mqtt: 1883, wss: 443, ws: 80 };

export function usesTls(protocol: Protocol): boolean {
  return protocol === 'mqtts' || protocol === 'wss';
}

/** The address as a URL, for people: IPv6 hosts in brackets, the path only where there is a WebSocket. */
export function addressOf({ protocol, host, port, path }: ConnectionProfile): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${protocol}://${name}:${port}${protocol === 'ws' || protocol === 'wss' ? path : ''}`;
}

/** Id of the profile that is always offered: this workspace's own broker. */
export const LOCAL_PROFILE = 'local';

/** A profile with everything at its default but what `fields` says. */
export function newProfile(fields: Partial<ConnectionProfile> & { readonly id: string }): ConnectionProfile {
  return {
    name: 'New connection',
    protocol: 'mqtts',
    host: 'localhost',
    port: DEFAULT_PORTS[fields.protocol ?? 'mqtts'],
    path: '/mqtt',
    version: '3.1.1',
    clientId: '',
    username: '',
    trust: { type: 'workspace' },
    identity: { type: 'none' },
    servername: '',
    alpn: '',
    keepAlive: 60,
    cleanStart: true,
    sessionExpiry: 0,
    lastWill: null,
    subscriptions: [{ filter: '#', qos: 0 }],
    ...fields,
  };
}
