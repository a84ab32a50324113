// The options that `decode`, `explain` and `monitor` share.
import { resolve } from 'node:path';
import type { DecoderOptions } from '../core/decode/decoder';
import type { Platform } from '../core/decode/finding';
import type { MbedtlsVersion } from '../core/decode/mbedtlsTable';
import { CliUsageError } from './arguments';

const PLATFORMS: readonly Platform[] = ['arduino-esp32', 'esp-idf', 'esp8266'];
const VERSIONS: readonly MbedtlsVersion[] = ['2.16', '2.28', '3.6', '4.x'];

export const decodeOptions = {
  json: { type: 'boolean' },
  platform: { type: 'string' },
  mbedtls: { type: 'string' },
  project: { type: 'string' },
} as const;

/** Checks the words; `auto` (the default) leaves the platform to the log, or to the files of `--project`. */
export async function decoderOptions(values: {
  platform?: string | undefined;
  mbedtls?: string | undefined;
  project?: string | undefined;
}): Promise<DecoderOptions> {
  const platform = PLATFORMS.find((name) => name === values.platform);
  if (values.platform && values.platform !== 'auto' && !platform) {
    throw new CliUsageError(`--platform is one of auto, ${PLATFORMS.join(', ')}; not "${values.platform}".`);
  }
  const mbedtls = VERSIONS.find((name) => name === values.mbedtls);
  if (values.mbedtls && !mbedtls) {
    throw new CliUsageError(`--mbedtls is one of ${VERSIONS.join(', ')}; not "${values.mbedtls}".`);
  }
  const said = { ...(platform ? { platform } : {}), ...(mbedtls ? { mbedtls } : {}) };
  if (values.project === undefined) return said;
  const { readProject } = await import('../io/decode/projectFirmware');
  const { knownBy, ...read } = await readProject(resolve(values.project));
  // What is said outright is not from a file.
  return { ...read, ...said, ...(platform || mbedtls || knownBy === undefined ? {} : { knownBy }) };
}
