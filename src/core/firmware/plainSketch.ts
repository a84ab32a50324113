// Reads an Arduino sketch that speaks plain MQTT: its WiFiClient, its MQTT client, where it sets the server, the port.
import type { CppToken } from '../diagnose/cppTokens';
import { type SourceCall, type SourceFile, type SourceRange, SourceSymbols } from '../diagnose/sourceSymbols';
import { UserError } from '../errors';
import { clientLibrary, serverCalls } from './clientLibraries';
import { otherLibraryAdvice } from './otherMqttLibraries';
import { mqttClients, plainClients, type TypePlace } from './sketchClients';

export interface PlainSketch {
  /** The file that declares the client. */
  readonly main: SourceFile;
  /** Which boards it is written for; "both" has #ifdef ESP8266. */
  readonly chip: 'esp32' | 'esp8266' | 'both';
  readonly client: string;
  /** Every declaration of the client: an `extern` one in a header as well. */
  readonly declarations: readonly TypePlace[];
  /** The MQTT client's name. */
  readonly mqtt: string;
  /** `client.setServer(...)` in any file; undefined where the constructor or each connect() gets the server. */
  readonly setServer?: SourceCall;
  /** `client.connect(...)`; several where a sketch has branches. */
  readonly connects: readonly SourceCall[];
  /** The host, where it is a string in the sources. */
  readonly host?: string;
  /** Each literal 1883 that is the port, number or string. */
  readonly ports: readonly (SourceRange & { readonly quoted: boolean })[];
  /** Where the library takes 1883 by itself: the place behind the host. */
  readonly missingPorts: readonly Pick<SourceRange, 'file' | 'start'>[];
  /** The library's buffer is too small for much, and the sketch leaves it so. */
  readonly needsBuffer: boolean;
  readonly words: ReadonlySet<string>;
}

const refuse = (why: string): never => {
  throw new UserError(
    'sketch-not-plain',
    `This sketch cannot be changed by itself: ${why} Make one with New Secure Sketch… and move your code into it.`,
  );
};

const SECURE_CALLS =
  /^(setCACert|setTrustAnchors|setCACertBundle|useBuiltinCACertBundle|setPreSharedKey|setFingerprint)$/;

/** Wi-Fi of other boards: their TLS client is another one. */
const OTHER_BOARD = /^(WiFiNINA|WiFi101|WiFiS3|WiFiC3|WiFiEsp|WiFiEspAT)\.h$/;
const ESP_HEADER = /^(ESP8266\w*|WiFi|Network|esp_\w+)\.h$/;

/** Throws UserError `sketch-not-plain` with what was missing, or `sketch-secure-already`. */
export function readPlainSketch(files: readonly SourceFile[]): PlainSketch {
  const sources = files.filter(({ path }) => /\.(ino|cpp|h|hpp)$/i.test(path) && !/example/i.test(path));
  const symbols = new SourceSymbols(sources);
  if (symbols.calls.some(({ name }) => SECURE_CALLS.test(name))) {
    throw new UserError('sketch-secure-already', 'This sketch uses TLS already. Run Diagnose Connection… to check it.');
  }
  if (symbols.words.has('WiFiClientSecure') || symbols.words.has('NetworkClientSecure')) {
    throw new UserError(
      'sketch-secure-already',
      'This sketch has a TLS client already, but tells it no CA to trust. Run Diagnose Connection…: it puts the CA in.',
    );
  }
  const foreign = symbols.includes.find((name) => OTHER_BOARD.test(name));
  if (foreign && !symbols.includes.some((name) => ESP_HEADER.test(name)))
    refuse(`it is for a board with ${foreign}, which is neither an ESP32 nor an ESP8266.`);
  const library = clientLibrary(symbols);
  if (!library) return refuse(otherLibraryAdvice(files) ?? 'it does not include PubSubClient.h.');
  const brokers = mqttClients(sources, library.type);
  const names = [...new Set(brokers.map(({ name }) => name))];
  if (names.length > 1) refuse(`it has ${names.length} ${library.type}s (${names.join(', ')}).`);
  const calls = serverCalls(symbols, library, brokers);
  const least = library.constructed?.least ?? Number.POSITIVE_INFINITY;
  const constructed = brokers.find(({ args }) => args.length >= least);
  const handed = [...brokers.flatMap(({ words }) => words), ...calls.flatMap((call) => wordsOf(symbols, call))];
  const declarations = brokerClient(sources, symbols, handed);
  const [main] = declarations;
  if (!main) return refuse('it declares no WiFiClient variable.');
  const [first] = calls;
  const mqtt = first?.object ?? constructed?.name;
  if (!mqtt) {
    const { server, type } = library;
    return refuse(server ? `it does not call ${server.call}() with a host on its ${type}.` : `it declares no ${type}.`);
  }
  const servers = first ? calls.map(({ args }) => args) : [constructed?.args ?? []];
  const hostTokens = servers[0]?.[first ? 0 : (library.constructed?.host ?? 0)];
  const host = hostTokens && valueIn(symbols, hostTokens);
  const own = (name: string) => symbols.calls.filter((call) => call.name === name && call.object === mqtt);
  return {
    main: main.file,
    chip: chipOf(symbols, files),
    client: main.name,
    declarations,
    mqtt,
    ...(first && !library.server?.often ? { setServer: first } : {}),
    connects: own('connect'),
    ...(typeof host?.value === 'string' ? { host: host.value } : {}),
    ports: portsIn(symbols, servers, first ? undefined : constructed?.file),
    missingPorts: calls.flatMap(({ args, at }) => {
      const end = args[0]?.at(-1)?.end;
      return library.server?.port[args.length] === 'none' && end !== undefined ? [{ file: at.file, start: end }] : [];
    }),
    needsBuffer: library.smallBuffer && own('setBufferSize').length === 0,
    words: symbols.words,
  };
}

function wordsOf(symbols: SourceSymbols, { args }: SourceCall): string[] {
  return args.flatMap((argument) => symbols.wordIn(argument) ?? []);
}

/** The declarations of the one client that the MQTT library gets. */
function brokerClient(sources: readonly SourceFile[], symbols: SourceSymbols, words: readonly string[]): TypePlace[] {
  const places = plainClients(sources);
  const names = new Set(places.map(({ name }) => name));
  if (names.size === 0) {
    if (symbols.words.has('EthernetClient')) refuse('it connects over Ethernet, whose client speaks no TLS.');
    if (symbols.words.has('WiFiClient')) refuse('it makes its WiFiClient with "new", or passes it on.');
    return [];
  }
  const handed = symbols.calls
    .filter(({ name, object }) => name === 'setClient' || object === undefined || / declaration$/.test(name))
    .flatMap(({ args }) => args.map((argument) => symbols.wordIn(argument)));
  const wanted = names.size === 1 ? [...names] : [...names].filter((name) => words.includes(name));
  const chosen = wanted.length > 0 ? wanted : [...names].filter((name) => handed.includes(name));
  if (chosen.length !== 1) {
    refuse(
      `it has ${names.size} WiFiClient variables (${[...names].join(', ')}), and which one is the broker's is not clear.`,
    );
  }
  const found = places.filter(({ name }) => name === chosen[0]);
  // The definition first: an `extern` in a header only announces it.
  const isExtern = ({ file, start }: TypePlace): boolean => /\bextern\s+$/.test(file.text.slice(0, start));
  return found.sort((a, b) => Number(isExtern(a)) - Number(isExtern(b)));
}

function chipOf(symbols: SourceSymbols, files: readonly SourceFile[]): PlainSketch['chip'] {
  const includes = (pattern: RegExp): boolean => symbols.includes.some((name) => pattern.test(name));
  const esp8266 = includes(/^ESP8266\w*\.h$/);
  const esp32 = includes(/^(WiFi|Network|esp_\w+)\.h$/);
  if (esp8266 && esp32) return 'both';
  if (esp8266) return 'esp8266';
  // WiFiManager.h brings the Wi-Fi header of either: then the project's settings say.
  const settings = files.filter(({ path }) => /(^|\/)(platformio\.ini|sketch\.yaml)$/.test(path));
  const said = settings.some(({ text }) => /espressif8266|esp8266:esp8266/.test(text));
  return said && !esp32 ? 'esp8266' : 'esp32';
}

function valueIn(symbols: SourceSymbols, expression: readonly CppToken[]) {
  const direct = symbols.resolve(expression);
  if (direct) return direct;
  const word = symbols.wordIn(expression);
  return word === undefined ? undefined : symbols.named(word);
}

function portsIn(
  symbols: SourceSymbols,
  servers: readonly (readonly (readonly CppToken[])[])[],
  file: SourceFile | undefined,
): (SourceRange & { quoted: boolean })[] {
  const found = new Map<string, SourceRange & { quoted: boolean }>();
  for (const tokens of servers.flat()) {
    // A call such as atoi(mqtt_port) resolves through the names in it.
    const named = tokens.flatMap((token) => (token.kind === 'word' ? (symbols.named(token.text) ?? []) : []));
    for (const value of [symbols.resolve(tokens) ?? [], named].flat()) {
      if (value.value !== 1883 && value.value !== '1883') continue;
      found.set(`${value.at.file} ${value.at.start}`, { ...value.at, quoted: value.value === '1883' });
    }
    const [only] = tokens;
    if (file && tokens.length === 1 && only?.kind === 'number' && only.value === 1883) {
      const at = { file: file.path, start: only.start, end: only.end, line: 0, quoted: false };
      found.set(`${file.path} ${only.start}`, at);
    }
  }
  return [...found.values()];
}
