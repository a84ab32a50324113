// Where a sketch connects to: host and port, from the calls and settings of the MQTT libraries, or from their names.
import type { CppToken } from './cppTokens';
import type { SourceRange, SourceSymbols } from './sourceSymbols';

export interface Located<T> {
  readonly value: T;
  /** The name it has in the source, when it has one. */
  readonly name?: string;
  readonly at: SourceRange;
}

/** `literal` is the whole text that holds it: a host name, or a URI; empty for an `IPAddress`. */
export type HostFact = Located<string> & { readonly literal: string };

const HOST_NAME =
  /^(k?_?)(mqtt|broker|server|aws|iot|hivemq|emqx)?_?(mqtt_?)?(host(name)?|server|broker|endpoint|uri|url|addr(ess)?|broker_?(host|url|uri|address)|iot_endpoint)$/i;
const PORT_NAME = /^(k?_?)(mqtt|broker|server|aws)?_?(mqtt_?)?port$/i;

interface ServerCall {
  readonly name: RegExp;
  /** At which argument the host stands; the port is the next. */
  readonly host: number;
  readonly counts: readonly number[];
  /** Only where this header is included: the name alone says little. */
  readonly header?: RegExp;
}

const SERVER_CALLS: readonly ServerCall[] = [
  { name: /^setServer$/, host: 0, counts: [1, 2] },
  // ArduinoMqttClient
  { name: /^connect(SSL)?$/, host: 0, counts: [2] },
  // PubSubClient client(host, port, net), (host, port, callback, net) and so on
  { name: /^PubSubClient( declaration)?$/, host: 0, counts: [3, 4, 5] },
  // Adafruit_MQTT_Client mqtt(&net, host, port, …)
  { name: /^Adafruit_MQTT_Client declaration$/, host: 1, counts: [3, 5, 6] },
  // arduino-mqtt: client.begin(host, port, net)
  { name: /^begin$/, host: 0, counts: [3], header: /^MQTT(Client)?\.h$/ },
];

interface ServerArguments {
  readonly host: readonly CppToken[];
  readonly port: readonly CppToken[];
}

function serverCalls(symbols: SourceSymbols): ServerArguments[] {
  const { calls, includes } = symbols;
  return SERVER_CALLS.filter(({ header }) => !header || includes.some((name) => header.test(name))).flatMap(
    ({ name, host, counts }) =>
      calls
        .filter((call) => name.test(call.name) && counts.includes(call.args.length))
        .map(({ args }) => ({ host: args[host] ?? [], port: args[host + 1] ?? [] }))
        // Wire.begin(21, 22, 100000) is none
        .filter((found) => typeof symbols.resolve(found.host)?.value !== 'number'),
  );
}

export function findHost(symbols: SourceSymbols): HostFact | undefined {
  const expressions = [
    ...serverCalls(symbols).map(({ host }) => host),
    ...symbols.assignments
      .filter(({ path }) => /\.(uri|hostname|host)$/.test(path))
      .map(({ expression }) => expression),
  ];
  for (const expression of expressions) {
    const value = symbols.resolve(expression);
    const name = symbols.wordIn(expression);
    const host = hostIn(value?.value);
    if (value && host)
      return { value: host, literal: String(value.value), at: value.at, ...(name === undefined ? {} : { name }) };
    const address = symbols.calls.find((call) => call.name === 'IPAddress declaration' && call.object === name);
    const octets = address?.args.map((argument) => textOf(argument)).join('.');
    if (address && octets && /^\d+\.\d+\.\d+\.\d+$/.test(octets))
      return { value: octets, literal: '', at: address.at, name: name ?? '' };
  }
  for (const [name, value] of symbols.values()) {
    const host = HOST_NAME.test(name) ? hostIn(value.value) : undefined;
    if (host) return { value: host, literal: String(value.value), name, at: value.at };
  }
  return undefined;
}

/** `mqtts://user@host:8883/x` and plain host names -> the host. */
function hostIn(value: string | number | undefined): string | undefined {
  const url = /^(?:\w+:\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d+)?(?:\/.*)?$/i.exec(String(value ?? ''));
  return typeof value === 'string' ? url?.[1]?.replace(/^\[|\]$/g, '') : undefined;
}

export function findPort(symbols: SourceSymbols): Located<number> | undefined {
  const expressions = [
    ...serverCalls(symbols).map(({ port }) => port),
    ...symbols.assignments.filter(({ path }) => /\.port$/.test(path)).map(({ expression }) => expression),
  ];
  for (const expression of expressions) {
    const value = symbols.resolve(expression);
    if (typeof value?.value === 'number') return { value: value.value, at: value.at };
  }
  for (const { path, expression } of symbols.assignments.filter((assignment) => /\.uri$/.test(assignment.path))) {
    const value = symbols.resolve(expression);
    const port = /^(\w+):\/\/[^/]*?(?::(\d+))?(?:\/|$)/.exec(String(value?.value ?? ''));
    if (value && port && path) return { value: Number(port[2] ?? (port[1] === 'mqtt' ? 1883 : 8883)), at: value.at };
  }
  for (const [name, value] of symbols.values()) {
    if (PORT_NAME.test(name) && typeof value.value === 'number') return { value: value.value, name, at: value.at };
  }
  return undefined;
}

function textOf(expression: readonly CppToken[]): string {
  return expression.map((token) => ('text' in token ? token.text : '')).join(' ');
}
