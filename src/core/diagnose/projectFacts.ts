// What a sketch or firmware project says about its connection: broker, CA, client certificate and key, TLS stack.
import { UserError } from '../errors';
import { type Certificate, parseCertificate } from '../x509/certificate';
import { type PemProblem, scanPem } from '../x509/pem';
import { findHost, findPort, type Located } from './brokerAddress';
import { findFingerprint, type PinnedFingerprint } from './pinnedFingerprint';
import { plainClient } from './plainClient';
import { type SourceCall, type SourceFile, type SourceRange, SourceSymbols, type SourceValue } from './sourceSymbols';
import { type StackFacts, stackFacts } from './stackFacts';

/** A PEM text that the firmware uses. `text` of a key is a secret: never show, log or serialize it. */
export interface PemFact {
  readonly name?: string;
  readonly text: string;
  readonly at: SourceRange;
  /** `file`: the whole file is the PEM (EMBED_TXTFILES); else a literal in a source. */
  readonly form: 'raw' | 'lines' | 'define' | 'file';
  readonly certificates: readonly Certificate[];
  /** The first thing wrong with it, with its line counted inside the text. */
  readonly problem?: PemProblem;
}

export interface ProjectFacts {
  readonly stack: StackFacts;
  /** `literal` is the whole text that holds it: a host name, or a URI; empty for an `IPAddress`. */
  readonly host?: Located<string> & { readonly literal: string };
  readonly port?: Located<number>;
  readonly ca?: PemFact;
  readonly clientCertificate?: PemFact;
  readonly clientKey?: PemFact;
  /** setInsecure(), or ESP-IDF's CONFIG_ESP_TLS_SKIP_SERVER_CERT_VERIFY. */
  readonly insecure?: SourceRange;
  /** Characters of `tls.` in front of it. */
  readonly insecureObjectLength?: number;
  readonly fingerprint?: PinnedFingerprint;
  /** The CA certificates come from the framework's bundle. */
  readonly usesBundle: boolean;
  readonly skipsNameCheck: boolean;
  /** A pre-shared key takes the place of certificates. */
  readonly usesPsk: boolean;
  /** Set from something that is not in the sources: a file system, NVS, a buffer. */
  readonly atRunTime: { readonly ca: boolean; readonly clientCertificate: boolean };
  /** A client without TLS, where nothing in the sources speaks of TLS. */
  readonly plainClient?: SourceRange;
  /** `tls` in `tls.setCACert(…)`: the client object, and where its last set-up call ends, for adding lines after it. */
  readonly client?: { readonly name: string; readonly after: SourceRange };
  /** MQTT client id, where a name of the sources holds one. */
  readonly clientId?: string;
  /** secure-iot.json's identity, when the project is one of ours. */
  readonly identity?: { readonly folder: string; readonly device: string };
}

const SOURCE = /\.(ino|c|cc|cpp|cxx|h|hpp|hh)$/i;
const EXAMPLE = /example|template|sample/i;
const CLIENT_ID_NAME = /^(mqtt_?)?(device|client|thing)_?(id|name)$/i;

export function projectFacts(files: readonly SourceFile[]): ProjectFacts {
  const sources = files.filter(({ path }) => SOURCE.test(path) && !EXAMPLE.test(path.split('/').at(-1) ?? ''));
  const symbols = new SourceSymbols(sources);
  const calls = (...names: string[]): SourceCall[] => symbols.calls.filter(({ name }) => names.includes(name));
  const assigned = (pattern: RegExp) => symbols.assignments.find(({ path }) => pattern.test(path));
  const wired = [CA_ROLES, CERTIFICATE_ROLES, KEY_ROLES].some(
    (roles) => calls(...roles.calls.map(([name]) => name)).length > 0 || assigned(roles.members) !== undefined,
  );
  const pem = (roles: PemRoles): PemFact | undefined =>
    findPem(symbols, files, calls, assigned, roles) ?? (wired ? undefined : findUnwiredPem(symbols, roles));
  const [insecure] = calls('setInsecure');
  const skips = files.find(({ path, text }) => /sdkconfig/.test(path) && SKIP_VERIFY.test(text));
  const setUp = calls('setCACert', 'setTrustAnchors', 'setInsecure', 'setFingerprint').find(({ object }) => object);
  const identity = readIdentity(files);
  const found = {
    host: findHost(symbols),
    port: findPort(symbols),
    ca: pem(CA_ROLES),
    clientCertificate: pem(CERTIFICATE_ROLES),
    clientKey: pem(KEY_ROLES),
    insecure: insecure?.at ?? (skips ? { file: skips.path, start: 0, end: 0, line: 1 } : undefined),
    insecureObjectLength: insecure?.objectLength,
    fingerprint: findFingerprint(symbols),
    client: setUp?.object === undefined ? undefined : { name: setUp.object, after: setUp.at },
    clientId: findClientId(symbols),
    plainClient: plainClient(sources),
    identity,
  };
  const setAnywhere = (roles: PemRoles, ...loaders: string[]): boolean =>
    [...roles.calls.map(([name]) => name), ...loaders].some((name) => name !== 'append' && symbols.words.has(name)) ||
    assigned(roles.members) !== undefined;
  return {
    stack: stackFacts(files, symbols.includes),
    usesPsk: calls('setPreSharedKey').length > 0 || assigned(/psk_hint_key$/) !== undefined,
    atRunTime: {
      ca: !found.ca && setAnywhere(CA_ROLES, 'loadCACert', 'esp_tls_set_global_ca_store'),
      clientCertificate:
        (!found.clientCertificate || !found.clientKey) && setAnywhere(CERTIFICATE_ROLES, 'loadCertificate'),
    },
    usesBundle:
      calls('setCACertBundle', 'useBuiltinCACertBundle', 'attach_ssl_certificate_bundle').length > 0 ||
      assigned(/crt_bundle_attach$/) !== undefined,
    skipsNameCheck: /true/.test(textOf(assigned(/skip_cert_common_name_check$/)?.expression)),
    ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)),
  };
}

const SKIP_VERIFY = /^CONFIG_ESP_TLS_SKIP_SERVER_CERT_VERIFY=y/m;

interface PemRoles {
  readonly calls: readonly (readonly [name: string, argument: number])[];
  readonly members: RegExp;
  readonly fallback: RegExp;
  readonly label: RegExp;
}

const CA_ROLES: PemRoles = {
  calls: [
    ['setCACert', 0],
    ['setTrustAnchors', 0],
    ['append', 0],
  ],
  members: /(verification\.certificate|^\.?(?!client).*cert_pem|cacert_buf|cacert_pem_buf|ca_cert(_pem)?)$/,
  fallback: /ca|root|trust|server_cert/i,
  label: /CERTIFICATE/,
};
const CERTIFICATE_ROLES: PemRoles = {
  calls: [
    ['setCertificate', 0],
    ['setClientRSACert', 0],
    ['setClientECCert', 0],
  ],
  members: /(authentication\.certificate|client_?cert(_pem|_buf|_pem_buf)?)$/,
  fallback: /client|device|crt|own/i,
  label: /CERTIFICATE/,
};
const KEY_ROLES: PemRoles = {
  calls: [
    ['setPrivateKey', 0],
    ['setClientRSACert', 1],
    ['setClientECCert', 1],
  ],
  members: /(authentication\.key|client_?key(_pem|_buf|_pem_buf)?)$/,
  fallback: /./,
  label: /PRIVATE KEY/,
};

function findPem(
  symbols: SourceSymbols,
  files: readonly SourceFile[],
  calls: (...names: string[]) => SourceCall[],
  assigned: (pattern: RegExp) => { readonly expression: SourceCall['args'][number] } | undefined,
  roles: PemRoles,
): PemFact | undefined {
  const expressions = roles.calls.flatMap(([name, argument]) => calls(name).map(({ args }) => args[argument] ?? []));
  const member = assigned(roles.members);
  for (const expression of member ? [...expressions, member.expression] : expressions) {
    const direct = symbols.resolve(expression);
    const word = symbols.wordIn(expression);
    const fact =
      pemOf(direct, word, roles.label) ??
      (word === undefined ? undefined : (fromList(symbols, word, roles.label) ?? fromEmbedded(symbols, files, word)));
    if (fact) return fact;
  }
  return undefined;
}

/**
 * No call anywhere says which is which (the TLS client is set up out of sight): the one whose name and kind fit.
 * Where some are handed to the client and one is not, that one is missing on the board, however well its name fits.
 */
function findUnwiredPem(symbols: SourceSymbols, roles: PemRoles): PemFact | undefined {
  for (const [name, value] of symbols.values()) {
    const fact = roles.fallback.test(name) ? pemOf(value, name, roles.label) : undefined;
    if (fact && (roles !== CA_ROLES || isCaLike(fact)) && (roles !== CERTIFICATE_ROLES || !isCaLike(fact))) return fact;
  }
  return undefined;
}

function isCaLike(fact: PemFact): boolean {
  const [first] = fact.certificates;
  return first === undefined || first.basicConstraints?.ca === true || first.version < 3;
}

function pemOf(value: SourceValue | undefined, name: string | undefined, label: RegExp): PemFact | undefined {
  if (typeof value?.value !== 'string' || !value.value.includes('-----BEGIN') || !label.test(value.value))
    return undefined;
  const form = value.inDefine ? 'define' : value.raw ? 'raw' : 'lines';
  return readPemFact(value.value, value.at, form, name);
}

/** `BearSSL::X509List trusted(ROOT_CA);` then `setTrustAnchors(&trusted)`. */
function fromList(symbols: SourceSymbols, word: string, label: RegExp): PemFact | undefined {
  const declared = symbols.calls.find(({ name, object }) => object === word && / declaration$/.test(name));
  const assigned = symbols.assignments.find(({ path }) => path === word);
  const expression = declared?.args[0] ?? assigned?.expression.filter((token) => !isTypeName(token));
  if (!expression) return undefined;
  const inner = declared ? expression : assigned?.expression;
  const names = (inner ?? []).flatMap((token) => (token.kind === 'word' && !isTypeName(token) ? [token.text] : []));
  for (const name of names) {
    const fact = pemOf(symbols.named(name), name, label);
    if (fact) return fact;
  }
  return undefined;
}

function isTypeName(token: { readonly kind: string; readonly text?: string }): boolean {
  return token.kind === 'word' && /^(BearSSL|X509List|PrivateKey|new)$/.test(token.text ?? '');
}

/** `extern const uint8_t ca_start[] asm("_binary_ca_pem_start");`: the file that the build embeds. */
function fromEmbedded(symbols: SourceSymbols, files: readonly SourceFile[], word: string): PemFact | undefined {
  const declared = symbols.calls.find(({ name, object }) => object === word && /^(__)?asm(__)?$/.test(name));
  const symbol = /_binary_(\w+)_start/.exec(textOf(declared?.args[0]))?.[1];
  const file = files.find(({ path }) => (path.split('/').at(-1) ?? '').replace(/\W/g, '_') === symbol);
  if (!file) return undefined;
  return readPemFact(file.text, { file: file.path, start: 0, end: file.text.length, line: 1 }, 'file', undefined);
}

function textOf(expression: SourceCall['args'][number] | undefined): string {
  return (expression ?? [])
    .map((token) => (token.kind === 'string' ? token.value : 'text' in token ? token.text : ''))
    .join(' ');
}

export function readPemFact(text: string, at: SourceRange, form: PemFact['form'], name: string | undefined): PemFact {
  const { blocks, problems } = scanPem(text);
  const certificates: Certificate[] = [];
  let [problem] = problems;
  for (const block of blocks.filter(({ label }) => label === 'CERTIFICATE')) {
    try {
      certificates.push(parseCertificate(block.der));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problem ??= { damage: 'bad-character', line: block.line, message: error.message };
    }
  }
  return { ...(name === undefined ? {} : { name }), text, at, form, certificates, ...(problem ? { problem } : {}) };
}

function findClientId(symbols: SourceSymbols): string | undefined {
  for (const [name, { value }] of symbols.values()) {
    if (CLIENT_ID_NAME.test(name) && typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function readIdentity(files: readonly SourceFile[]): ProjectFacts['identity'] {
  const file = files.find(({ path }) => path === 'secure-iot.json' || path.endsWith('/secure-iot.json'));
  const folder = /"folder"\s*:\s*"([^"]+)"/.exec(file?.text ?? '')?.[1];
  const device = /"certificates"[\s\S]*?"device"\s*:\s*"([^"]+)"/.exec(file?.text ?? '')?.[1];
  return folder && device ? { folder, device } : undefined;
}
