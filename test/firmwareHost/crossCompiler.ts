// The ESP8266's own compiler (xtensa-lx106-elf-gcc of Debian) on our projects: 32-bit types, the chip's printf formats, and
// how much stack each function takes. The core and libraries are the shims; libstdc++'s headers are the machine's.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';

const here = import.meta.dirname ?? __dirname;
const MACHINE_HEADERS = ['mbedtls', 'psa', 'bearssl', 'bearssl.h'];

export interface Target {
  /** The shims' folders: 'arduino', 'esp8266', 'idf' … */
  readonly shims: readonly string[];
  readonly flags: readonly string[];
}

export interface Compiled {
  /** Warnings and errors, '' where there are none. */
  readonly messages: string;
  /** Bytes of stack by function, of the project's own files only. */
  readonly stack: ReadonlyMap<string, number>;
}

/** The search path for C++ headers: Debian's cross compilers have none. */
function cxxHeaders(): string[] {
  const { stderr } = spawnSync('g++', ['-E', '-x', 'c++', '-v', '/dev/null'], { encoding: 'utf8' });
  const listed = stderr.split('\n').map((line) => line.trim());
  return listed.filter((line) => /^\/\S*\/c\+\+\//.test(line) && existsSync(line));
}

/** What of the machine's own headers would not fit a chip without an operating system: its system and its threads. */
function bareHeaders(): string {
  const folder = temporaryFolder('bare-headers');
  mkdirSync(join(folder, 'bits'));
  writeFileSync(join(folder, 'bits/os_defines.h'), '#pragma once\n');
  writeFileSync(join(folder, 'bits/gthr-default.h'), '#include <bits/gthr-single.h>\n');
  writeFileSync(join(folder, 'pthread.h'), '#pragma once\ntypedef int pthread_mutex_t;\n');
  for (const name of MACHINE_HEADERS) symlinkSync(join('/usr/include', name), join(folder, name));
  return folder;
}

/** A compiler for files of a project; skips the test and gives undefined where the machine has none. */
export function crossCompiler(
  t: TestContext,
): ((folder: string, file: string, target: Target) => Compiled) | undefined {
  if (!requireTool(t, 'xtensa-lx106-elf-gcc') || !requireTool(t, 'g++')) return undefined;
  if (!MACHINE_HEADERS.every((name) => existsSync(join('/usr/include', name)))) {
    t.skip('libmbedtls-dev and libbearssl-dev are not installed: run "node scripts/prepareMachine.mjs" as root');
    return undefined;
  }
  const system = [bareHeaders(), ...cxxHeaders()].flatMap((folder) => ['-isystem', folder]);
  const probe = ['-fsyntax-only', '-std=gnu++17', ...system, '-x', 'c++', '-include', 'string', '/dev/null'];
  if (spawnSync('xtensa-lx106-elf-g++', probe).status !== 0) {
    t.skip("this machine's C++ headers are for another version of GCC than xtensa-lx106-elf-g++");
    return undefined;
  }
  return (folder, file, { shims, flags }) => {
    const cxx = !file.endsWith('.c');
    const object = join(temporaryFolder('cross'), 'file.o');
    const includes = shims.map((name) => `-I${join(here, name)}`);
    const language = cxx ? [...system, '-x', 'c++'] : [];
    const args = [
      '-Os',
      '-c',
      '-fstack-usage',
      '-Wall',
      '-Wextra',
      ...flags,
      ...includes,
      ...language,
      file,
      '-o',
      object,
    ];
    const compiler = cxx ? 'xtensa-lx106-elf-g++' : 'xtensa-lx106-elf-gcc';
    const { stderr, status } = spawnSync(compiler, args, { cwd: folder, encoding: 'utf8' });
    const usage = status === 0 ? readFileSync(object.replace(/o$/, 'su'), 'utf8') : '';
    const own = [...usage.matchAll(/^([^/].*?):\d+:\d+:(.*)\t(\d+)\t/gm)];
    return {
      messages: stderr,
      stack: new Map(own.map(([, path, name, bytes]) => [`${path}: ${name}`, Number(bytes)])),
    };
  };
}
