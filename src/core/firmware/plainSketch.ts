// Reads an Arduino sketch that speaks plain MQTT: its WiFiClient, its PubSubClient, where it sets the server, the port.
import { type CppToken, cppTokens } from '../diagnose/cppTokens';
import { type SourceCall, type SourceFile, type SourceRange, SourceSymbols } from '../diagnose/sourceSymbols';
import { UserError } from '../errors';

export interface PlainSketch {
  readonly main: SourceFile;
  readonly esp8266: boolean;
  /** The word `WiFiClient` of the declaration, and the variable's name. */
  readonly client: { readonly name: string; readonly start: number; readonly end: number };
  /** The PubSubClient's name. */
  readonly mqtt: string;
  /** `client.setServer(...)`, in any file. */
  readonly setServer: SourceCall;
  /** `client.connect(...)`; several where a sketch has branches. */
  readonly connects: readonly SourceCall[];
  /** The host that setServer() gets, where it is a string in the sources. */
  readonly host?: string;
  /** The literal 1883, where one is the port. */
  readonly port?: SourceRange;
  readonly setsBuffer: boolean;
}

const refuse = (why: string): never => {
  throw new UserError(
    'sketch-not-plain',
    `This sketch cannot be changed by itself: ${why} Make one with New Secure Sketch… and move your code into it.`,
  );
};

const wordAt = (token: CppToken | undefined): string | undefined => (token?.kind === 'word' ? token.text : undefined);

/** Throws UserError `sketch-not-plain` with what was missing, or `sketch-secure-already`. */
export function readPlainSketch(files: readonly SourceFile[]): PlainSketch {
  const sources = files.filter(({ path }) => /\.(ino|cpp|h|hpp)$/i.test(path) && !/example/i.test(path));
  const symbols = new SourceSymbols(sources);
  if (symbols.calls.some(({ name }) => /^(setCACert|setTrustAnchors|setCACertBundle|setPreSharedKey)$/.test(name))) {
    throw new UserError('sketch-secure-already', 'This sketch uses TLS already. Run Diagnose Connection… to check it.');
  }
  if (!symbols.includes.some((name) => /PubSubClient\.h$/.test(name))) refuse('it does not include PubSubClient.h.');
  const found = sources.flatMap((file) => declarations(file).map((client) => ({ main: file, client })));
  const [only] = found;
  if (!only) return refuse('it declares no WiFiClient variable.');
  if (found.length > 1) refuse(`it has ${found.length} WiFiClient variables, and only one may be the broker's.`);
  const setServer = symbols.calls.find(({ name }) => name === 'setServer');
  if (!setServer?.object) return refuse('it does not call setServer() on its PubSubClient.');
  const port = [...setServer.args].reverse().map((argument) => symbols.resolve(argument));
  const literal = port.find((value) => value?.value === 1883);
  const host = setServer.args[0] && symbols.resolve(setServer.args[0])?.value;
  const calls = (name: string) =>
    symbols.calls.filter((call) => call.name === name && call.object === setServer.object);
  return {
    main: only.main,
    esp8266: symbols.includes.some((name) => /ESP8266WiFi\.h$/.test(name)),
    client: only.client,
    mqtt: setServer.object,
    setServer,
    connects: calls('connect'),
    ...(typeof host === 'string' ? { host } : {}),
    ...(literal ? { port: literal.at } : {}),
    setsBuffer: calls('setBufferSize').length > 0,
  };
}

/** `WiFiClient name;`: the type's place and the name. */
function declarations(file: SourceFile): { name: string; start: number; end: number }[] {
  const tokens = cppTokens(file.text);
  return tokens.flatMap((token, i) => {
    const name = wordAt(tokens[i + 1]);
    const after = tokens[i + 2];
    if (wordAt(token) !== 'WiFiClient' || !name || after?.kind !== 'mark' || after.text !== ';') return [];
    return [{ name, start: token.start, end: token.end }];
  });
}
