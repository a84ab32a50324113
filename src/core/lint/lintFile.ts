// Which rules a file is read with, by its name.
import { MOSQUITTO, PARTITIONS, SOURCE } from './lintable';
import { lintMosquittoConf } from './lintMosquittoConf';
import { lintPartitions } from './lintPartitions';
import { lintSketch } from './lintSketch';
import type { LintProblem } from './problem';

/** Longer sources are generated; their literals are not for people to mend. */
const MAX_LENGTH = 512 * 1024;

export function lintFile(path: string, text: string): LintProblem[] {
  if (text.length > MAX_LENGTH) return [];
  if (MOSQUITTO.test(path)) return lintMosquittoConf(text);
  if (PARTITIONS.test(path)) return lintPartitions(text);
  return SOURCE.test(path) ? lintSketch(path, text) : [];
}
