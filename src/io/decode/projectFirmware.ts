// Which firmware a workspace builds, for reading its board's numbers: from the files of its project.
import { sep } from 'node:path';
import type { DecoderOptions } from '../../core/decode/decoder';
import { firmwareOptions } from '../../core/decode/firmwareOptions';
import { projectFacts } from '../../core/diagnose/projectFacts';
import { findProjects, readProjectFiles } from '../diagnose/projectFiles';

/**
 * Options of the project that `activeFile` (absolute) lies in, else of the only project under `roots`. Several projects,
 * none, or unreadable files say nothing: the decoder then reads the log alone.
 */
export async function readFirmwareOptions(roots: readonly string[], activeFile = ''): Promise<DecoderOptions> {
  const projects = (await Promise.all(roots.map(findProjects))).flat();
  const edited = projects.find((project) => activeFile.startsWith(project + sep));
  const project = edited ?? (projects.length === 1 ? projects[0] : undefined);
  return project === undefined ? {} : readProject(project).catch(() => ({}));
}

/** Options of the project in `folder` (absolute). Throws UserError where it cannot be read. */
export async function readProject(folder: string): Promise<DecoderOptions> {
  return firmwareOptions(projectFacts(await readProjectFiles(folder)).stack);
}
