// Reads a firmware project for the edits that decoded errors propose, and writes what they change.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFacts } from '../../core/diagnose/projectFacts';
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import type { RepairProject } from '../../core/repair/planRepair';
import { readProjectFiles } from '../diagnose/projectFiles';
import { replaceFile } from '../files/newFile';

/** Throws UserError where the folder cannot be read. */
export async function readRepairProject(folder: string): Promise<RepairProject> {
  const files = await readProjectFiles(folder);
  return { files, stack: projectFacts(files).stack };
}

/** Each file whole or not at all, with the rights it had. */
export async function writeRepaired(folder: string, files: readonly SourceFile[]): Promise<void> {
  for (const { path, text } of files) {
    const file = join(folder, path);
    const mode = await stat(file)
      .then((known) => known.mode & 0o777)
      .catch(() => 0o644);
    await replaceFile(file, text, { mode });
  }
}
