// Compiles a generated sketch for Linux against the real Mbed TLS (ESP8266: BearSSL) and runs it: what is Arduino's own is a thin shim.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import bearsslTable from '../../src/core/decode/tables/bearssl.json';
import { type RunningProgram, watchProgram } from '../support/runningProgram';
import { temporaryFolder } from '../support/temporaryFolder';
import { findTool } from '../support/tools';

const exec = promisify(execFile);
const here = import.meta.dirname ?? __dirname;

/** Which core the sketch sees: the major version of arduino-esp32, or the ESP8266 core. */
export type HostCore = 'esp32-2' | 'esp32-3' | 'esp8266' | 'esp-idf';

/** The C++ of each core's own platform.txt. */
const STANDARDS: Readonly<Record<HostCore, string>> = {
  'esp32-2': '-std=gnu++11',
  'esp32-3': '-std=gnu++2b',
  esp8266: '-std=gnu++17',
  'esp-idf': '-std=gnu++17',
};

/** The ESP-IDF whose esp-mqtt the host program sees: 5.5. */
const HOST_IDF = '-DHOST_IDF_VERSION=505';

/** HOST_MBEDTLS names the folder of another Mbed TLS, built there: the templates are made for 2.28 and for 3.x. */
const otherMbedTls = process.env['HOST_MBEDTLS'];
const mbedTlsHeaders = otherMbedTls ? [`-I${join(otherMbedTls, 'include')}`] : [];
const mbedTlsLibraries = [
  ...(otherMbedTls ? [`-L${join(otherMbedTls, 'library')}`] : []),
  '-lmbedtls',
  '-lmbedx509',
  '-lmbedcrypto',
];

/** Skips the test with the reason where a compiler or Mbed TLS is missing. */
export function canCompile(t: TestContext): boolean {
  const ready =
    findTool('g++') !== undefined && existsSync('/usr/include/mbedtls/ssl.h') && existsSync('/usr/include/bearssl.h');
  if (!ready)
    t.skip('g++, libmbedtls-dev and libbearssl-dev are not installed: run "node scripts/prepareMachine.mjs" as root');
  return ready;
}

async function sourcesOf(folder: string, extension: string): Promise<string[]> {
  return (await readdir(folder)).filter((f) => f.endsWith(extension)).map((f) => join(folder, f));
}

const shimBuilds = new Map<HostCore, Promise<string[]>>();

/** The shims' objects, compiled once for each core in this process. */
function shimObjects(core: HostCore, folders: readonly string[], define: readonly string[]): Promise<string[]> {
  const known = shimBuilds.get(core);
  if (known) return known;
  const build = async (): Promise<string[]> => {
    const out = temporaryFolder('sketch-shims');
    if (core === 'esp8266') await writeFile(join(out, 'bearsslTexts.h'), bearsslTexts());
    const sources = (await Promise.all(folders.map((folder) => sourcesOf(folder, '.cpp')))).flat();
    const compile = async (source: string): Promise<string> => {
      const object = join(out, `${basename(source)}.o`);
      const includes = [...[...folders, out].map((folder) => `-I${folder}`), ...mbedTlsHeaders];
      await exec('g++', [
        STANDARDS[core],
        '-O0',
        '-Wall',
        '-Wextra',
        '-Werror',
        ...define,
        ...includes,
        '-c',
        source,
        '-o',
        object,
      ]);
      return object;
    };
    return Promise.all(sources.map(compile));
  };
  const started = build();
  shimBuilds.set(core, started);
  return started;
}

/** The sentences of the core's getLastSSLError, as our decoder knows them. */
function bearsslTexts(): string {
  const lines = Object.entries(bearsslTable.strings).map(
    ([code, text]) => `    case ${code}: return ${JSON.stringify(text)};`,
  );
  return `static const char *bearsslText(int code) {\n  switch (code) {\n    case 0: return "OK";\n${lines.join('\n')}\n    default: return "Unknown error code.";\n  }\n}\n`;
}

/** Compiles the project in `folder` (its .ino, or src/main.cpp) into a program; returns its path. */
export async function compileSketch(folder: string, core: HostCore = 'esp32-3'): Promise<string> {
  if (core === 'esp-idf') return compileIdf(folder);
  const chip = core === 'esp8266' ? 'esp8266' : 'esp32';
  const platformio = existsSync(join(folder, 'src/main.cpp'));
  const main = platformio ? join(folder, 'src/main.cpp') : join(folder, `${basename(folder)}.ino`);
  const program = join(temporaryFolder('sketch-host'), 'firmware');
  const define = core === 'esp8266' ? ['-DESP8266'] : ['-DESP32', `-DHOST_CORE_MAJOR=${core.at(-1)}`];
  const shims = [join(here, 'arduino'), join(here, chip)];
  const own = [...shims, platformio ? join(folder, 'src') : folder].map((path) => `-I${path}`);
  const includes = [...own, ...mbedTlsHeaders];
  const objects = await shimObjects(core, shims, define);
  const flags = [STANDARDS[core], '-O0', '-Wall', '-Wextra', '-Werror', ...define, ...includes];
  const libraries = [...mbedTlsLibraries, ...(core === 'esp8266' ? ['-lbearssl'] : [])];
  await exec('g++', [...flags, '-x', 'c++', main, '-x', 'none', ...objects, ...libraries, '-o', program]);
  return program;
}

/** `names` maps host names to addresses, so that no DNS is needed. `extra` is for the shims (HOST_NVS, ...). */
export function runSketch(
  program: string,
  names: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): RunningProgram {
  const list = Object.entries(names).map(([name, address]) => `${name}=${address}`);
  const env = { ...process.env, HOST_NAMES: list.join(','), HOST_RUN_MS: '60000', ...extra };
  return watchProgram(spawn(program, [], { env, stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** Runs mosquitto with a generated configuration as it stands; `folder` holds `certs/` and the access list. */
export async function runMosquitto(folder: string, config: string): Promise<RunningProgram> {
  const program = findTool('mosquitto');
  if (!program) throw new Error('mosquitto is not installed');
  const child = spawn(program, ['-c', config, '-v'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const running = watchProgram(child);
  await running.line(/mosquitto version .* running/);
  return running;
}

/** Compiles an ESP-IDF project: its C files with gcc, ESP-IDF and esp-mqtt as shims, the PEM files embedded as there. */
async function compileIdf(folder: string): Promise<string> {
  const build = temporaryFolder('idf-host');
  const main = join(folder, 'main');
  const embedded: string[] = [];
  for (const file of await readdir(join(main, 'identity')).catch(() => [])) {
    const bytes = [...(await readFile(join(main, 'identity', file))), 0].join(',');
    const name = file.replace(/\W/g, '_');
    embedded.push(`const char ${name}_bytes[] asm("_binary_${name}_start") = {${bytes}};`);
  }
  await writeFile(join(build, 'embedded.c'), embedded.join('\n'));
  const idf = join(here, 'idf');
  const shims = ['arduino', 'esp32'].map((name) => join(here, name));
  const shimSources = (await Promise.all(shims.map((shim) => sourcesOf(shim, '.cpp')))).flat();
  const own = [...(await sourcesOf(main, '.c')), join(build, 'embedded.c')];
  const objects: string[] = [];
  for (const source of own) {
    const object = join(build, `${basename(source)}.o`);
    const flags = ['-std=gnu17', HOST_IDF, '-O0', '-Wall', '-Wextra', '-Werror', `-I${idf}`, `-I${main}`];
    await exec('gcc', [...flags, '-c', source, '-o', object]);
    objects.push(object);
  }
  const includes = [...[idf, ...shims].map((path) => `-I${path}`), ...mbedTlsHeaders];
  const program = join(build, 'firmware');
  const sources = [join(idf, 'idfHost.cpp'), ...shimSources];
  const libraries = [...mbedTlsLibraries, '-lpthread'];
  await exec('g++', [
    '-std=gnu++17',
    '-DHOST_CORE_MAJOR=3',
    HOST_IDF,
    ...includes,
    ...sources,
    ...objects,
    ...libraries,
    '-o',
    program,
  ]);
  return program;
}
