// Reads an ESP-IDF program that speaks plain MQTT with esp-mqtt: its configuration variable and its broker's address.
import { type CppToken, cppTokens } from '../diagnose/cppTokens';
import { type SourceFile, type SourceRange, SourceSymbols } from '../diagnose/sourceSymbols';
import { UserError } from '../errors';
import { clientLibrary } from './clientLibraries';

export interface PlainIdf {
  /** The file that declares the configuration. */
  readonly main: SourceFile;
  readonly config: string;
  /** `const` and the white space behind it, where it is one: members are assigned after the declaration. */
  readonly constant?: { readonly start: number; readonly end: number };
  /** Where its declaration starts, and the offset behind its `;`. */
  readonly start: number;
  readonly end: number;
  /** Members as before ESP-IDF 5: `.uri`, not `.broker.address.uri`. */
  readonly flat: boolean;
  readonly host: string;
  /** What stands in sources and settings for the plain address, and what becomes of it. */
  readonly replacements: readonly { readonly at: Pick<SourceRange, 'file' | 'start' | 'end'>; readonly text: string }[];
  readonly words: ReadonlySet<string>;
}

const refuse = (why: string): never => {
  throw new UserError(
    'sketch-not-plain',
    `This program cannot be changed by itself: ${why} By hand, in esp_mqtt_client_config_t: .broker.address.uri "mqtts://HOST:8883", .broker.verification.certificate, .credentials.authentication.certificate and .key (before ESP-IDF 5: .uri, .cert_pem, .client_cert_pem and .client_key_pem).`,
  );
};

const TYPE = 'esp_mqtt_client_config_t';
const VERIFIES =
  /(verification\.(certificate|crt_bundle_attach|use_global_ca_store|psk_hint_key)|cert_pem|crt_bundle_attach)$/;

/** Undefined where it is no ESP-IDF program. Throws UserError `sketch-not-plain` or `sketch-secure-already`. */
export function readPlainIdf(files: readonly SourceFile[]): PlainIdf | undefined {
  const sources = files.filter(({ path }) => /\.(c|cc|cpp|h|hpp)$/i.test(path) && !/example/i.test(path));
  const symbols = new SourceSymbols(sources);
  if (!symbols.includes.includes('mqtt_client.h') || clientLibrary(symbols)) return undefined;
  if (symbols.assignments.some(({ path }) => VERIFIES.test(path))) {
    throw new UserError(
      'sketch-secure-already',
      'This program uses TLS already. Run Diagnose Connection… to check it.',
    );
  }
  const found = sources.flatMap((file) => configurations(file));
  const [config] = found;
  if (!config) return refuse(`it declares no ${TYPE} in a function.`);
  if (found.length > 1) refuse(`it has ${found.length} configurations (${found.map(({ name }) => name).join(', ')}).`);
  const { file: main, name, ...place } = config;
  return { main, config: name, ...place, ...address(symbols, files), words: symbols.words };
}

type Configuration = Pick<PlainIdf, 'constant' | 'start' | 'end'> & {
  readonly file: SourceFile;
  readonly name: string;
};

const isMark = (token: CppToken | undefined, text: string): boolean => token?.kind === 'mark' && token.text === text;
const wordOf = (token: CppToken | undefined): string | undefined => (token?.kind === 'word' ? token.text : undefined);

/** Local variables only: assignments cannot follow one of the file's own. */
function configurations(file: SourceFile): Configuration[] {
  const tokens = cppTokens(file.text);
  const found: Configuration[] = [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (isMark(token, '{')) depth++;
    if (isMark(token, '}')) depth--;
    const name = wordOf(tokens[i + 1]);
    const declares = isMark(tokens[i + 2], '=') || isMark(tokens[i + 2], ';');
    if (wordOf(token) !== TYPE || depth === 0 || !name || !declares) continue;
    const end = tokens.find((one) => one.start > token.start && isMark(one, ';'))?.end;
    const before = tokens[i - 1];
    const constant = wordOf(before) === 'const' && before ? { start: before.start, end: token.start } : undefined;
    if (end !== undefined) found.push({ file, name, start: token.start, end, ...(constant ? { constant } : {}) });
  }
  return found;
}

function address(
  symbols: SourceSymbols,
  files: readonly SourceFile[],
): Pick<PlainIdf, 'flat' | 'host' | 'replacements'> {
  const flat = !(symbols.words.has('broker') && symbols.words.has('address'));
  const uris = symbols.assignments.filter(({ path }) => /(^|\.)uri$/.test(path));
  // An HTTP server's httpd_uri_t has a .uri as well.
  const candidates = uris.map(({ path, expression }) => {
    const value = symbols.resolve(expression);
    const name = symbols.wordIn(expression) ?? '';
    const literals =
      typeof value?.value === 'string'
        ? [{ at: value.at, text: value.value }]
        : files.flatMap((file) => setting(file, name));
    return { mqtt: /address\.uri$/.test(path) || literals.some(({ text }) => /^mqtts?:/i.test(text)), name, literals };
  });
  const uri = candidates.find(({ mqtt }) => mqtt) ?? candidates[0];
  if (!uri) return refuse('its address is not given as a uri.');
  const [first] = uri.literals;
  if (!first) return refuse(`its address is ${uri.name || 'made at run time'}, which no file here gives.`);
  const replaced = uri.literals.map(({ at, text }) => replaceUri(text, at));
  return {
    flat,
    host: replaced[0]?.host ?? '',
    replacements: replaced.flatMap(({ replacements }) => replacements),
  };
}

/** `CONFIG_BROKER_URL="mqtt://…"` in sdkconfig and sdkconfig.defaults. */
function setting(
  { path, text }: SourceFile,
  name: string,
): { at: PlainIdf['replacements'][number]['at']; text: string }[] {
  if (!name.startsWith('CONFIG_') || !/(^|\/)sdkconfig(\.defaults)?$/.test(path)) return [];
  const match = new RegExp(`^${name}=("[^"\\n]*")`, 'm').exec(text);
  const literal = match?.[1];
  if (!match || !literal) return [];
  const start = match.index + name.length + 1;
  return [{ at: { file: path, start, end: start + literal.length }, text: literal.slice(1, -1) }];
}

function replaceUri(uri: string, at: PlainIdf['replacements'][number]['at']): Pick<PlainIdf, 'host' | 'replacements'> {
  const match = /^(mqtts?):\/\/([^/:@\s]+)(?::(\d+))?(\/.*)?$/i.exec(uri);
  const [, scheme, host, port, path = ''] = match ?? [];
  if (!scheme || !host) return refuse(`"${uri}" is no mqtt:// address.`);
  if (scheme.toLowerCase() === 'mqtts') {
    throw new UserError(
      'sketch-secure-already',
      'This program uses TLS already, but is told no CA to trust. Run Diagnose Connection…: it puts the CA in.',
    );
  }
  const secured = port === undefined || port === '1883' ? '8883' : port;
  return { host, replacements: [{ at, text: `"mqtts://${host}:${secured}${path}"` }] };
}
