// Which TLS stack does this project's firmware run? From board, core and framework versions in its files.
import type { ProjectSource } from '../decode/finding';
import type { SourceFile } from './sourceSymbols';
import type { TlsStackId } from './tlsStack';

export interface StackFacts {
  /** One when it is known, several when only the family is. Never empty. */
  readonly candidates: readonly TlsStackId[];
  /** For people: `sketch.yaml: esp32:esp32 3.0.7`. */
  readonly knownBy: string;
  /** The kind of file that says it; undefined where none does. */
  readonly source?: ProjectSource;
  readonly framework: 'arduino' | 'esp-idf' | 'unknown';
  /** `5.3`, where a file says which ESP-IDF. */
  readonly idf?: string;
  /** Whether the firmware is built with TLS 1.3, where an sdkconfig says so. */
  readonly hasTls13?: boolean;
  /** Whether an ESP-IDF firmware compares dates (MBEDTLS_HAVE_TIME_DATE), where its settings say so. */
  readonly checksDates?: boolean;
}

/** Major and minor version in a text such as `~6.9.0`, `3.0.7`, `v5.3.1-dirty`. */
function version(text: string | undefined): readonly [major: number, minor: number] | undefined {
  const match = /(\d+)(?:\.(\d+))?/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2] ?? 0)] : undefined;
}

/** ESP-IDF 4.4 ships Mbed TLS 2.28, 5.0 ships 3.2, 5.2 and later 3.5 or later, 6 ships 4. 5.1 changed within its life. */
function stackOfIdf(major: number, minor: number): TlsStackId[] {
  if (major < 5) return ['mbedtls-2.28'];
  if (major > 5) return ['mbedtls-4'];
  if (minor === 0) return ['mbedtls-3.4'];
  return minor === 1 ? ['mbedtls-3.4', 'mbedtls-3.6'] : ['mbedtls-3.6'];
}

/** arduino-esp32 1.x and 2.x are built on ESP-IDF before 5, 3.0 on 5.1, 3.1 on 5.3 and so on. */
function stackOfArduinoEsp32(major: number, minor: number): TlsStackId[] {
  if (major < 3) return ['mbedtls-2.28'];
  return minor === 0 ? ['mbedtls-3.4', 'mbedtls-3.6'] : ['mbedtls-3.6'];
}

export function stackFacts(files: readonly SourceFile[], includes: readonly string[]): StackFacts {
  const named = (name: RegExp): SourceFile | undefined => files.find(({ path }) => name.test(path));
  const readers: readonly (readonly [ProjectSource, () => StackFacts | undefined])[] = [
    ['sketch.yaml', () => fromSketchYaml(named(/(^|\/)sketch\.yaml$/))],
    ['platformio.ini', () => fromPlatformio(named(/(^|\/)platformio\.ini$/))],
    ['sdkconfig', () => fromSdkconfig(named(/(^|\/)sdkconfig$/))],
    ['dependencies.lock', () => fromLock(named(/(^|\/)dependencies\.lock$/))],
    ['secure-iot.json', () => fromProjectFile(named(/(^|\/)secure-iot\.json$/))],
    ['includes', () => fromIncludes(includes)],
  ];
  for (const [source, read] of readers) {
    const facts = read();
    if (facts) return { ...facts, source, ...dateSetting(facts, files) };
  }
  return { candidates: ['mbedtls-3.6', 'mbedtls-2.28'], knownBy: 'no file names the board', framework: 'unknown' };
}

/** Arduino's libraries are built already, so only ESP-IDF's settings count; what was built goes before the defaults. */
function dateSetting({ framework }: StackFacts, files: readonly SourceFile[]): Pick<StackFacts, 'checksDates'> {
  if (framework !== 'esp-idf') return {};
  const settings = ['sdkconfig', 'sdkconfig.defaults'].flatMap((name) =>
    files.filter(({ path }) => path === name || path.endsWith(`/${name}`)),
  );
  for (const { text } of settings) {
    const found = /^(?:CONFIG_MBEDTLS_HAVE_TIME_DATE=([yn])|# CONFIG_MBEDTLS_HAVE_TIME_DATE is not set)/m.exec(text);
    if (found) return { checksDates: found[1] === 'y' };
  }
  return {};
}

function fromSketchYaml(file: SourceFile | undefined): StackFacts | undefined {
  const fqbn = /fqbn:\s*["']?(\w+:\w+)/.exec(file?.text ?? '')?.[1];
  if (!file || !fqbn) return undefined;
  if (fqbn.startsWith('esp8266'))
    return { candidates: ['bearssl'], knownBy: `${file.path}: ${fqbn}`, framework: 'arduino' };
  const core = /platform:\s*["']?esp32:esp32\s*\(([^)]+)\)/.exec(file.text)?.[1];
  const parsed = version(core);
  const candidates: readonly TlsStackId[] = parsed ? stackOfArduinoEsp32(...parsed) : ['mbedtls-3.6', 'mbedtls-2.28'];
  return { candidates, knownBy: `${file.path}: ${fqbn}${core ? ` ${core}` : ''}`, framework: 'arduino' };
}

function fromPlatformio(file: SourceFile | undefined): StackFacts | undefined {
  const platform = /^\s*platform\s*=\s*(.+)$/m.exec(file?.text ?? '')?.[1]?.trim();
  if (!file || !platform) return undefined;
  const knownBy = `${file.path}: platform = ${platform}`;
  const framework = /^\s*framework\s*=.*espidf/m.test(file.text) ? 'esp-idf' : 'arduino';
  if (platform.includes('espressif8266')) return { candidates: ['bearssl'], knownBy, framework: 'arduino' };
  if (!platform.includes('32')) return undefined;
  // pioarduino numbers its releases after ESP-IDF: 51.x, 53.x, 54.x, 55.x; espressif32 before 7 has arduino-esp32 2.x.
  const pioarduino = /(?:pioarduino|platform-espressif32\/releases).*?(\d)(\d)\.\d+/.exec(platform);
  if (pioarduino) {
    const [major, minor] = [Number(pioarduino[1]), Number(pioarduino[2])];
    return { candidates: stackOfIdf(major, minor), knownBy, framework, idf: `${major}.${minor}` };
  }
  const parsed = version(platform.split('@')[1]);
  if (framework === 'esp-idf') {
    const major = parsed?.[0] ?? 6;
    return { candidates: major < 5 ? ['mbedtls-2.28'] : ['mbedtls-3.6', 'mbedtls-3.4'], knownBy, framework };
  }
  return { candidates: parsed && parsed[0] >= 7 ? ['mbedtls-3.6'] : ['mbedtls-2.28'], knownBy, framework };
}

function fromSdkconfig(file: SourceFile | undefined): StackFacts | undefined {
  const text = file?.text ?? '';
  const written = /CONFIG_IDF_INIT_VERSION="([^"]+)"|\(ESP-IDF\)\s+(\S+)\s+Project/.exec(text);
  const idf = written?.[1] ?? written?.[2];
  const parsed = version(idf);
  if (!file || !parsed) return undefined;
  const tls13 = /^(?:CONFIG_MBEDTLS_SSL_PROTO_TLS1_3=(y)|# CONFIG_MBEDTLS_SSL_PROTO_TLS1_3 is not set)/m.exec(text);
  return { ...idfFacts(file, parsed, idf), ...(tls13 && { hasTls13: tls13[1] === 'y' }) };
}

function idfFacts(file: SourceFile, parsed: readonly [number, number], idf: string | undefined): StackFacts {
  const knownBy = `${file.path}: ESP-IDF ${idf}`;
  return { candidates: stackOfIdf(...parsed), knownBy, framework: 'esp-idf', idf: parsed.join('.') };
}

function fromLock(file: SourceFile | undefined): StackFacts | undefined {
  const idf = /\bidf:\s[\s\S]*?version:\s*["']?([\d.]+)/.exec(file?.text ?? '')?.[1];
  const parsed = version(idf);
  if (!file || !parsed) return undefined;
  return idfFacts(file, parsed, idf);
}

function fromProjectFile(file: SourceFile | undefined): StackFacts | undefined {
  if (!file) return undefined;
  const board = /"board"\s*:\s*"(\w+)"/.exec(file.text)?.[1] ?? '';
  const framework = /"framework"\s*:\s*"esp-idf"/.test(file.text) ? 'esp-idf' : 'arduino';
  const knownBy = `${file.path}: ${board}`;
  if (/8266/.test(board)) return { candidates: ['bearssl'], knownBy, framework: 'arduino' };
  return { candidates: ['mbedtls-3.6', 'mbedtls-2.28'], knownBy, framework };
}

function fromIncludes(includes: readonly string[]): StackFacts | undefined {
  const has = (name: RegExp): string | undefined => includes.find((include) => name.test(include));
  const esp8266 = has(/^(ESP8266WiFi|WiFiClientSecureBearSSL|ESP8266HTTPClient)\.h$/);
  if (esp8266) return { candidates: ['bearssl'], knownBy: `#include <${esp8266}>`, framework: 'arduino' };
  const core3 = has(/^NetworkClient(Secure)?\.h$/);
  if (core3) return { candidates: ['mbedtls-3.6'], knownBy: `#include <${core3}>`, framework: 'arduino' };
  const arduino = has(/^(WiFiClientSecure|Arduino|WiFi|PubSubClient)\.h$/);
  if (arduino) {
    return { candidates: ['mbedtls-3.6', 'mbedtls-2.28'], knownBy: `#include <${arduino}>`, framework: 'arduino' };
  }
  const idf = has(/^(esp_tls|mqtt_client|esp_log|esp_event)\.h$/);
  if (!idf) return undefined;
  return { candidates: ['mbedtls-3.6', 'mbedtls-2.28'], knownBy: `#include "${idf}"`, framework: 'esp-idf' };
}
