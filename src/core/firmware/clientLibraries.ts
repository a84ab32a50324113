// MQTT libraries that speak over any Arduino `Client`: make that one a TLS client, and the sketch speaks TLS.
import type { SourceCall, SourceSymbols } from '../diagnose/sourceSymbols';
import type { MqttDeclaration } from './sketchClients';

export interface ClientLibrary {
  readonly header: RegExp;
  /** Of its class. */
  readonly type: string;
  /** The call that names the broker: its argument counts, and at which argument the port stands, if it has one. */
  readonly server?: {
    readonly call: string;
    readonly port: Readonly<Record<number, number | 'none'>>;
    /** May be called again and again: the TLS client is set up in setup() instead of before it. */
    readonly often?: boolean;
  };
  /** Where the constructor gets the broker: at which argument the host stands; the port is the next. */
  readonly constructed?: { readonly host: number; readonly least: number };
  /** `setBufferSize()`: its packets are cut at 256 bytes without. */
  readonly smallBuffer: boolean;
  readonly source: string;
}

const CLIENT_LIBRARIES: readonly ClientLibrary[] = [
  {
    header: /PubSubClient\.h$/,
    type: 'PubSubClient',
    server: { call: 'setServer', port: { 1: 'none', 2: 1 } },
    constructed: { host: 0, least: 2 },
    smallBuffer: true,
    source: 'knolleary/pubsubclient src/PubSubClient.h 2.8',
  },
  {
    header: /^MQTT(Client)?\.h$/,
    type: 'MQTTClient',
    server: { call: 'begin', port: { 2: 'none', 3: 1 } },
    smallBuffer: false,
    source: '256dpi/arduino-mqtt src/MQTTClient.h 2.x: begin(hostname, client), begin(hostname, port, client)',
  },
  {
    header: /^Adafruit_MQTT(_Client)?\.h$/,
    type: 'Adafruit_MQTT_Client',
    constructed: { host: 1, least: 3 },
    smallBuffer: false,
    source: 'adafruit/Adafruit_MQTT_Library Adafruit_MQTT_Client.h (commit 23f919adc360)',
  },
  {
    header: /^ArduinoMqttClient\.h$/,
    type: 'MqttClient',
    server: { call: 'connect', port: { 1: 'none', 2: 1 }, often: true },
    smallBuffer: false,
    source: 'arduino-libraries/ArduinoMqttClient src/MqttClient.h (commit 0179fcdc5a9f): connect(host, port = 1883)',
  },
];

/** The library that the sketch includes. */
export function clientLibrary({ includes }: SourceSymbols): ClientLibrary | undefined {
  return CLIENT_LIBRARIES.find(({ header }) => includes.some((name) => header.test(name)));
}

/** Each call that names the broker of one of `brokers`. */
export function serverCalls(
  { calls }: SourceSymbols,
  { server, type }: ClientLibrary,
  brokers: readonly MqttDeclaration[],
): SourceCall[] {
  if (!server) return [];
  // PubSubClient's call is its own; begin() and connect() are everybody's.
  const isBroker = ({ object }: SourceCall): boolean =>
    object !== undefined && (type === 'PubSubClient' || brokers.some(({ name }) => name === object));
  return calls.filter((call) => call.name === server.call && server.port[call.args.length] && isBroker(call));
}
