// What a project's files say about the firmware, in the decoder's words: platform, Mbed TLS and ESP-IDF version.
import type { StackFacts } from '../diagnose/stackFacts';
import type { TlsStackId } from '../diagnose/tlsStack';
import type { DecoderOptions } from './decoder';
import type { Platform } from './finding';
import type { MbedtlsVersion } from './mbedtlsTable';

/** Mbed TLS 3.0 to 3.6 give their numbers the same meanings. */
const VERSIONS: Readonly<Record<TlsStackId, MbedtlsVersion | undefined>> = {
  'mbedtls-2.28': '2.28',
  'mbedtls-3.4': '3.6',
  'mbedtls-3.6': '3.6',
  'mbedtls-4': '4.x',
  bearssl: undefined,
};

/** Only what is certain: several candidates that disagree leave the version to the log. */
export function firmwareOptions({ candidates, framework, idf, source }: StackFacts): DecoderOptions {
  if (source === undefined) return {};
  const platform = platformOf(candidates, framework);
  const [mbedtls, ...others] = new Set(candidates.map((id) => VERSIONS[id]));
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(mbedtls === undefined || others.length > 0 ? {} : { mbedtls }),
    ...(idf === undefined ? {} : { idf }),
    knownBy: source,
  };
}

function platformOf(candidates: readonly TlsStackId[], framework: StackFacts['framework']): Platform | undefined {
  if (candidates.every((id) => id === 'bearssl')) return 'esp8266';
  if (framework === 'unknown') return undefined;
  return framework === 'esp-idf' ? 'esp-idf' : 'arduino-esp32';
}
