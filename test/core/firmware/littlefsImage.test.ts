import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors';
import { buildLittlefsImage, type LittlefsOptions } from '../../../src/core/firmware/littlefsImage';
import type { LittlefsFile } from '../../../src/core/firmware/littlefsTree';
import { buildLittlefsFile } from '../../../src/io/provisioning/littlefsFolder';
import { runTool } from '../../support/runTool';
import { requireTool } from '../../support/tools';

/** Mounts each image with the real littlefs, lists all files, then writes to it and mounts again. */
const driver = `
import hashlib, json, sys
from littlefs import LittleFS
results = []
for n in range(int(sys.argv[1])):
    block = json.load(open('%d.json' % n))['blockSize']
    image = bytearray(open('%d.bin' % n, 'rb').read())
    def mounted():
        fs = LittleFS(block_size=block, block_count=len(image) // block, mount=False, read_size=64, prog_size=64, cache_size=64)
        fs.context.buffer = image
        fs.mount()
        return fs
    def listing(fs):
        found = {}
        for folder, _, files in fs.walk('/'):
            for name in files:
                path = (folder.rstrip('/') + '/' + name)[1:]
                with fs.open(path, 'rb') as f: data = f.read()
                found[path] = hashlib.sha256(data).hexdigest()
        return found
    fs = mounted()
    before = listing(fs)
    grown = True
    try:
        fs.mkdir('added folder')
        for i in range(3):
            with fs.open('added folder/%d' % i, 'wb') as f: f.write(b'added' * 30 * i)
        for path in list(before)[:5]:
            with fs.open(path, 'ab') as f: f.write(b'!')
    except Exception as error:
        grown = str(error)
    fs.unmount()
    after = listing(mounted())
    results.append({'files': before, 'grown': grown, 'kept': all(path in after for path in before)})
json.dump(results, sys.stdout)
`;

import { temporaryFolder } from '../../support/temporaryFolder';

interface Mounted {
  readonly files: Record<string, string>;
  readonly grown: true | string;
  readonly kept: boolean;
}

async function mount(t: TestContext, images: readonly { image: Uint8Array; blockSize: number }[]) {
  const python = requireTool(t, 'python3');
  if (!python) return undefined;
  const folder = temporaryFolder('littlefs');
  for (const [n, { image, blockSize }] of images.entries()) {
    await writeFile(join(folder, `${n}.bin`), image);
    await writeFile(join(folder, `${n}.json`), JSON.stringify({ blockSize }));
  }
  const { code, output } = await runTool(python, ['-c', driver, String(images.length)], { cwd: folder });
  assert.equal(code, 0, output);
  return JSON.parse(output) as Mounted[];
}

const digests = (files: readonly LittlefsFile[]) =>
  Object.fromEntries(files.map((f) => [f.path, createHash('sha256').update(f.bytes).digest('hex')]));

const name = fc
  .oneof(
    { weight: 5, arbitrary: fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }) },
  )
  .filter((n) => n !== '.' && n !== '..' && !/[/\0]/.test(n) && Buffer.byteLength(n) <= 60);
const content = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 130 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 200_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(63, 64, 65, 4095, 4096, 4097, 8188, 8189, 12_276, 12_277) },
  )
  .map((length) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + length) & 0xff));
const files = fc.uniqueArray(
  fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), content)
    .map(([parts, bytes]): LittlefsFile => ({ path: parts.join('/'), bytes })),
  { selector: (file) => file.path, maxLength: 40, size: 'max' },
);

describe('a LittleFS image', () => {
  it('is mounted by littlefs with identical files, and goes on being written to', async (t) => {
    const cases: { files: readonly LittlefsFile[]; options: Required<LittlefsOptions>; image: Uint8Array }[] = [];
    for (const [set, blockSize] of fc.sample(fc.tuple(files, fc.constantFrom(4096, 8192)), { numRuns: 45, seed: 7 })) {
      const options = { size: 2 * 1024 * 1024, blockSize, nameMax: 64 };
      try {
        cases.push({ files: set, options, image: buildLittlefsImage(set, options) });
      } catch (error) {
        assert.ok(error instanceof UserError, String(error)); // a path that is a file and a folder at once
      }
    }
    assert.ok(cases.length > 30, `${cases.length} cases`);
    const mounted = await mount(
      t,
      cases.map(({ image, options }) => ({ image, blockSize: options.blockSize })),
    );
    mounted?.forEach(({ files: found, grown, kept }, n) => {
      assert.deepEqual(found, digests(cases[n]?.files ?? []));
      assert.deepEqual([grown, kept], [true, true]);
    });
  });

  it('holds a folder with hundreds of files, over several metadata blocks', async (t) => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      path: `${i % 2 ? 'logs/' : ''}file ${i}.txt`,
      bytes: new TextEncoder().encode(`file ${i}\n`.repeat(i % 20)),
    }));
    const [found] = (await mount(t, [{ image: buildLittlefsImage(many, { size: 0x400000 }), blockSize: 4096 }])) ?? [];
    if (found) assert.deepEqual(found.files, digests(many));
  });

  it('may be empty', async (t) => {
    const [found] = (await mount(t, [{ image: buildLittlefsImage([], { size: 0x10000 }), blockSize: 4096 }])) ?? [];
    if (found) assert.deepEqual(found, { files: {}, grown: true, kept: true });
  });

  it('says how much room the files need when they do not fit', () => {
    const big = [{ path: 'a', bytes: new Uint8Array(100_000) }];
    assert.throws(
      () => buildLittlefsImage(big, { size: 0x10000 }),
      /need 110592 bytes of LittleFS; the partition has 65536/,
    );
    assert.throws(() => buildLittlefsImage([], { size: 5000 }), /multiple of 4096/);
    assert.throws(
      () => buildLittlefsImage([{ path: 'x'.repeat(65), bytes: new Uint8Array(0) }], { size: 0x10000 }),
      /up to 64/,
    );
    assert.throws(
      () => buildLittlefsImage([{ path: '../x', bytes: new Uint8Array(0) }], { size: 0x10000 }),
      /not a path/,
    );
  });

  it('is made from a folder', async (t) => {
    const folder = temporaryFolder('littlefs-folder');
    await mkdir(join(folder, 'data/certs'), { recursive: true });
    await writeFile(join(folder, 'data/certs/ca.crt'), 'PEM');
    await writeFile(join(folder, 'data/config.json'), '{}');
    assert.deepEqual(await buildLittlefsFile(join(folder, 'data'), join(folder, 'fs.bin'), { size: 0x10000 }), {
      files: 2,
      bytes: 5,
    });
    const [found] = (await mount(t, [{ image: await readFile(join(folder, 'fs.bin')), blockSize: 4096 }])) ?? [];
    if (found) assert.deepEqual(Object.keys(found.files).sort(), ['certs/ca.crt', 'config.json']);
    await assert.rejects(buildLittlefsFile(join(folder, 'none'), join(folder, 'x.bin'), { size: 0x10000 }), UserError);
  });
});
