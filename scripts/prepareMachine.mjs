// Installs what the tests and `npm start` use beyond npm: Debian packages with apt-get (as root), Python's tools in a
// virtual environment in the cache, a Go program there too. What cannot be installed is named, with the way to get it;
// the tests that need it then say that they are skipped. Does nothing, quickly, on a machine that has everything.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, goBin, pythonBin } from './cacheFolder.mjs';

/** What proves that a Debian package is there: a program on PATH, or a file. */
const debian = [
  { package: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'] },
  { package: 'mosquitto', programs: ['mosquitto'] },
  { package: 'mosquitto-clients', programs: ['mosquitto_pub'] },
  { package: 'openssl', programs: ['openssl'] },
  { package: 'socat', programs: ['socat'] },
  { package: 'git', programs: ['git'] },
  { package: 'build-essential', programs: ['g++'] },
  { package: 'make', programs: ['make'] },
  { package: 'binutils-riscv64-unknown-elf', programs: ['riscv64-unknown-elf-as'] },
  // The ESP8266's compiler and a C library for it (40 MB to fetch): sketches are compiled by it, crashes made with it.
  { package: 'gcc-xtensa-lx106', programs: ['xtensa-lx106-elf-gcc'] },
  { package: 'picolibc-xtensa-lx106-elf', files: ['/usr/lib/xtensa-lx106-elf/include/stdio.h'] },
  { package: 'libmbedtls-dev', files: ['/usr/include/mbedtls/ssl.h', '/usr/local/include/mbedtls/ssl.h'] },
  { package: 'libbearssl-dev', files: ['/usr/include/bearssl.h', '/usr/local/include/bearssl.h'] },
  // keytool, for the key stores of HiveMQ.
  { package: 'default-jre-headless', programs: ['keytool'] },
  { package: 'golang-go', programs: ['go'], files: ['/usr/local/go/bin/go'] },
  { package: 'python3', programs: ['python3'] },
  { package: 'python3-venv', check: () => spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0 },
  // VS Code's server builds its kerberos module from source.
  { package: 'libkrb5-dev', files: ['/usr/include/gssapi/gssapi.h'] },
  { package: 'fonts-dejavu-core', check: () => existsSync('/usr/share/fonts') },
];
const python = [
  { package: 'esptool', program: 'esptool' },
  { package: 'esp-idf-nvs-partition-gen', module: 'esp_idf_nvs_partition_gen' },
  { package: 'littlefs-python', module: 'littlefs' },
  { package: 'esp-secure-cert-tool', module: 'esp_secure_cert' },
  { package: 'pyserial', module: 'serial' },
  { package: 'esp-idf-monitor', module: 'esp_idf_monitor' },
];

/** Needs Go 1.18. */
const ZLINT = 'github.com/zmap/zlint/v3/cmd/zlint@v3.6.4';

/** Full path of a program on PATH or in the system folders that a user's PATH may lack. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', pythonBin];
  for (const folder of folders) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not there
    }
  }
  return undefined;
}

const present = ({ check, files = [], programs = [] }) =>
  check?.() ?? (files.some(existsSync) || programs.some((p) => findProgram(p)));

function installDebian(missing) {
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.package);
  if (!findProgram('apt-get') || process.getuid?.() !== 0) {
    console.log(`Missing here: ${names.join(', ')}. To get them: sudo apt-get install ${names.join(' ')}`);
    console.log('Tests that need them are skipped.');
    return;
  }
  console.log(`Installing ${names.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status;
  apt('update', '-qq');
  if (apt('install', '-y', '-qq', '--no-install-recommends', ...names) === 0) return;
  for (const name of names) // one bad name must not cost the others
    if (apt('install', '-y', '-qq', '--no-install-recommends', name) !== 0)
      console.log(`apt-get could not install ${name}.`);
}

function installPython() {
  const interpreter = join(pythonBin, 'python3');
  const has = ({ program, module }) =>
    program ? existsSync(join(pythonBin, program)) : spawnSync(interpreter, ['-c', `import ${module}`]).status === 0;
  if (!existsSync(interpreter)) {
    mkdirSync(cacheFolder, { recursive: true });
    if (spawnSync('python3', ['-m', 'venv', dirname(pythonBin)], { stdio: 'ignore' }).status !== 0) {
      console.log("Python's venv module is missing: tests that compare with esptool and others are skipped.");
      return;
    }
  }
  const missing = python.filter((entry) => !has(entry)).map((entry) => entry.package);
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(', ')} from PyPI …`);
  try {
    execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...missing], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    console.log(`pip could not install ${missing.join(', ')}: tests that compare with them are skipped.`);
  }
}

/** zlint, which judges our certificates by the rules of the RFCs: built from the Go module proxy. */
function installZlint() {
  if (existsSync(join(goBin, 'zlint'))) return;
  const go = findProgram('go') ?? '/usr/local/go/bin/go';
  if (!existsSync(go)) return console.log('Go is missing: the tests with zlint are skipped.');
  console.log('Building zlint …');
  const env = { ...process.env, GOBIN: goBin };
  const { status } = spawnSync(go, ['install', ZLINT], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  if (status !== 0) console.log(`"go install ${ZLINT}" failed: the tests with zlint are skipped.`);
}

/** Installs what is missing; `only` names the Debian packages wanted, without it all, Python's tools and zlint too. */
export function prepareMachine(only) {
  installDebian(debian.filter((entry) => (!only || only.includes(entry.package)) && !present(entry)));
  if (only) return;
  installPython();
  installZlint();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepareMachine();
