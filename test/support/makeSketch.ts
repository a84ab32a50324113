// A sketch project on disk, without the step between in which a person sees what will be written.
import { type NewSketch, prepareSketch, writePrepared } from '../../src/io/sketch/sketchProject';

/** Returns the path of the file to open first, and the warnings. */
export async function makeSketch(
  request: NewSketch,
  nowMs: number,
): Promise<{ readonly open: string; readonly warnings: readonly string[] }> {
  const prepared = await prepareSketch(request, nowMs);
  return { open: await writePrepared(request, prepared), warnings: prepared.warnings };
}
