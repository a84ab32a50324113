// Where the scripts keep what they install besides npm's packages: $SECURE_IOT_CACHE, else ~/.cache/secure-iot.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cacheFolder =
  process.env.SECURE_IOT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'secure-iot');
/** Python's tools (esptool and others) live in a virtual environment of our own. */
export const pythonBin = join(cacheFolder, 'python', 'bin');
/** Programs that `go install` builds. */
export const goBin = join(cacheFolder, 'go', 'bin');
