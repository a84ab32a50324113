// Finds the program that builds a project folder: on PATH, or where PlatformIO installs itself.
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../../core/errors';
import { buildTool, projectFramework } from '../../core/firmware/buildCommand';

export interface BuildPlan {
  readonly title: string;
  /** Full path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', '.bat', '.cmd', ''] : [''];
  for (const folder of folders.filter((path) => path !== '')) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return file;
    }
  }
  return undefined;
}

/** Throws UserError `no-project` or `build-tool-missing`. */
export async function planBuild(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<BuildPlan> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const framework = projectFramework(names);
  if (!framework) {
    throw new UserError(
      'no-project',
      `${folder} holds no firmware project: neither an .ino file, nor platformio.ini, nor an ESP-IDF CMakeLists.txt.`,
    );
  }
  const tool = buildTool(framework);
  const folders = (env['PATH'] ?? '').split(delimiter);
  if (framework === 'platformio') {
    const own = join(env['PLATFORMIO_CORE_DIR'] ?? join(homedir(), '.platformio'), 'penv');
    folders.push(join(own, 'bin'), join(own, 'Scripts'));
  }
  const program = await findProgram(tool.program, folders);
  if (!program) {
    throw new UserError('build-tool-missing', `${tool.title} (${tool.program}) was not found. ${tool.install}`);
  }
  return { title: tool.title, program, args: tool.args, folder };
}
