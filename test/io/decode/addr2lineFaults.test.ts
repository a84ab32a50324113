// Toolchains that fail: the real addr2line of this machine stands behind them, or nothing does.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { askAddr2line } from '../../../src/io/decode/addr2line';
import { RISCV, XTENSA } from '../../../src/io/decode/addr2linePrograms';
import { resolveAddresses, resolveCrash } from '../../../src/io/decode/addressResolver';
import { runCli } from '../../support/cli';
import { riscvProgram } from '../../support/riscvProgram';
import { temporaryFolder } from '../../support/temporaryFolder';

const ADDRESSES = ['0x42000010'];

/** A folder in which `programs` (name -> text of a script, or no program) are all that the PATH and the home hold. */
function onlyPrograms(t: TestContext, programs: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('addr2line');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const before = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  Object.assign(process.env, { PATH: bin, HOME: folder });
  t.after(() => Object.assign(process.env, before));
  return folder;
}

/** The header of an ELF file for RISC-V: enough to be taken for one. */
function elfHeader(folder: string): string {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  header.writeUInt16LE(RISCV, 18);
  const elf = join(folder, 'firmware.elf');
  writeFileSync(elf, header);
  return elf;
}

const FAULTS: readonly (readonly [what: string, script: string, said: RegExp])[] = [
  ['crashes', '#!/bin/sh\nkill -SEGV $$\n', /riscv32-esp-elf-addr2line crashed \(SIGSEGV\)/],
  [
    'refuses the file',
    '#!/bin/sh\necho "x: file format not recognized" >&2\nexit 1\n',
    /"x: file format not recognized"/,
  ],
  ['fails without a word', '#!/bin/sh\nexit 3\n', /failed \(exit code 3\)/],
  [
    'prints garbage',
    '#!/bin/sh\nprintf "hello\\n\\377\\376\\nworld\\n"\n',
    /answered with something else than source lines/,
  ],
  ['prints nothing', '#!/bin/sh\nexit 0\n', /answered with something else/],
  ['tells of other addresses', '#!/bin/sh\nprintf "0x1\\nf\\na.c:1\\n"\n', /answered with something else/],
  ['prints without end', '#!/bin/sh\nwhile :; do echo 0x42000010; echo f; echo a.c:1; done\n', /answered without end/],
  [
    'is no program for this machine',
    '\u007fELF\u0001\u0001 this is another machine',
    /cannot be run \(ENOEXEC|failed|cannot be run/,
  ],
  ['hangs', '#!/bin/sh\nwhile :; do :; done\n', /gave no answer within 0.3 s/],
];

for (const [what, script, said] of FAULTS) {
  test(`an addr2line that ${what} is named as the reason`, { timeout: 60_000 }, async (t) => {
    const elf = elfHeader(onlyPrograms(t, { 'riscv32-esp-elf-addr2line': script }));
    const patience = what === 'hangs' ? 300 : 30_000;
    await assert.rejects(askAddr2line(elf, RISCV, ADDRESSES, patience), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'addr2line-failed');
      assert.match(error.message, said);
      assert.match(error.message, /Install the toolchain/);
      return true;
    });
  });
}

test('without any addr2line, all that was looked for is named', async (t) => {
  const elf = elfHeader(onlyPrograms(t, {}));
  await assert.rejects(resolveAddresses(elf, ADDRESSES), {
    code: 'no-addr2line',
    message: /riscv32-esp-elf-addr2line/,
  });
});

test('an ELF file that vanishes while it is read, or is a folder, is what is wrong', async (t) => {
  const folder = onlyPrograms(t, { 'riscv32-esp-elf-addr2line': '#!/bin/sh\n/bin/rm -f "$6"\nexit 1\n' });
  const elf = elfHeader(folder);
  await assert.rejects(resolveAddresses(elf, ADDRESSES), { code: 'elf-not-found' });
  await assert.rejects(resolveAddresses(folder, ADDRESSES), { code: 'elf-not-found' });
  const crash = { line: 1, addresses: ADDRESSES, stack: [1] };
  await assert.rejects(resolveCrash(folder, crash), { code: 'elf-not-found' });
});

test('a program that fails is passed over for the next that is here', async (t) => {
  const works = '#!/bin/sh\nprintf "0x42000010\\napp_main\\n/src/main.c:7\\n"\n';
  const elf = elfHeader(
    onlyPrograms(t, { 'riscv32-esp-elf-addr2line': '#!/bin/sh\nexit 1\n', 'llvm-addr2line': works }),
  );
  assert.deepEqual(await resolveAddresses(elf, ADDRESSES), [
    { address: '0x42000010', function: 'app_main', file: '/src/main.c', line: 7 },
  ]);
});

test('a c++filt that fails leaves the names as the linker knows them', async (t) => {
  const folder = onlyPrograms(t, {
    'xtensa-esp-elf-addr2line': '#!/bin/sh\nprintf "0x42000010\\n_ZL3foov\\$constprop\\$0\\n/src/main.cpp:7\\n"\n',
    'xtensa-esp-elf-c++filt': '#!/bin/sh\nexit 1\n',
  });
  const [frame] = await askAddr2line(elfHeader(folder), XTENSA, ADDRESSES);
  assert.equal(frame?.function, '_ZL3foov');
});

test('a log is decoded without its source lines where the toolchain fails', { timeout: 60_000 }, async (t) => {
  const folder = temporaryFolder('addr2line-cli');
  const made = riscvProgram(t, folder);
  if (!made) return;
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['riscv32-esp-elf-addr2line', 'riscv64-unknown-elf-addr2line', 'llvm-addr2line', 'addr2line']) {
    writeFileSync(join(bin, name), '#!/bin/sh\nkill -SEGV $$\n');
    chmodSync(join(bin, name), 0o755);
  }
  const log = join(folder, 'board.log');
  writeFileSync(
    log,
    'E (1) esp-tls: mbedtls_ssl_handshake returned -0x2700\nMEPC    : 0x42000010  RA      : 0x42000014\n',
  );
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: folder };
  const { code, out, err } = await runCli(process.cwd(), ['decode', log, '--json', '--elf', made.elf], env);
  assert.equal(code, 1);
  assert.match(out, /MBEDTLS_ERR_X509_CERT_VERIFY_FAILED/);
  assert.match(err, /crashed \(SIGSEGV\)/);
});
