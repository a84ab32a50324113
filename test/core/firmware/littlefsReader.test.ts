import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors';
import { buildLittlefsImage } from '../../../src/core/firmware/littlefsImage';
import { readLittlefsImage } from '../../../src/core/firmware/littlefsReader';
import { runTool } from '../../support/runTool';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

/** Works on file systems with the real littlefs as a board does for months, and lists what they hold. */
const driver = `
import hashlib, json, random, sys
from littlefs import LittleFS
results = []
for n in range(int(sys.argv[1])):
    random.seed(n)
    block = random.choice([4096, 4096, 8192])
    fs = LittleFS(block_size=block, block_count=random.choice([32, 64]), read_size=64, prog_size=64, cache_size=64, name_max=random.choice([32, 64]))
    folders = ['']
    files = {}
    for step in range(random.choice([3, 40, 200])):
        what = random.random()
        try:
            if what < 0.1:
                folder = random.choice(folders) + 'folder %d/' % step
                fs.mkdir(folder[:-1]); folders.append(folder)
            elif what < 0.6 or not files:
                path = random.choice(folders) + random.choice('abcdefgh') + '.bin'
                data = random.randbytes(random.choice([0, 5, 200, 900, 5000, 20000]))
                with fs.open(path, 'wb') as f: f.write(data)
                files[path] = data
            elif what < 0.75:
                path = random.choice(list(files))
                with fs.open(path, 'ab') as f: f.write(b'more')
                files[path] += b'more'
            elif what < 0.88:
                path = random.choice(list(files))
                fs.remove(path); del files[path]
            else:
                path = random.choice(list(files)); to = random.choice(folders) + 'renamed %d' % step
                fs.rename(path, to); files[to] = files.pop(path)
        except Exception as error:
            if 'NOSPC' in str(error): break
            raise
    whole = {}
    for folder, _, names in fs.walk('/'):
        for name in names:
            path = (folder.rstrip('/') + '/' + name)[1:]
            with fs.open(path, 'rb') as f: whole[path] = hashlib.sha256(f.read()).hexdigest()
    fs.unmount()
    open('%d.bin' % n, 'wb').write(bytes(fs.context.buffer))
    results.append({'files': whole, 'blockSize': block})
json.dump(results, sys.stdout)
`;

const bytes = (text: string) => new TextEncoder().encode(text);

describe('reading a LittleFS image', () => {
  it('finds what the real littlefs finds after hundreds of writes, renames and deletions', async (t) => {
    const python = requireTool(t, 'python3');
    if (!python) return;
    const folder = temporaryFolder('littlefs-reader');
    const { code, output } = await runTool(python, ['-c', driver, '25'], { cwd: folder });
    assert.equal(code, 0, output);
    const wanted = JSON.parse(output) as { files: Record<string, string>; blockSize: number }[];
    assert.ok(wanted.reduce((sum, { files }) => sum + Object.keys(files).length, 0) > 200);
    for (const [n, { files, blockSize }] of wanted.entries()) {
      const content = readLittlefsImage(await readFile(join(folder, `${n}.bin`)));
      assert.equal(content.blockSize, blockSize);
      assert.deepEqual(
        Object.fromEntries(
          content.files.map((file) => [file.path, createHash('sha256').update(file.bytes).digest('hex')]),
        ),
        files,
        `image ${n}`,
      );
    }
  });

  it('gives back what our builder was given', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6})?\.[a-z]$/);
    const file = fc.record(
      { path: name, bytes: fc.uint8Array({ maxLength: 9000, size: 'max' }) },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 12 }),
        fc.constantFrom(4096, 8192),
        (files, blockSize) => {
          const content = readLittlefsImage(buildLittlefsImage(files, { size: 0x80000, blockSize, nameMax: 32 }));
          const sorted = (list: typeof files) => [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
          assert.deepEqual(
            sorted(content.files.map(({ path, bytes: held }) => ({ path, bytes: new Uint8Array(held) }))),
            sorted(files),
          );
          assert.equal(content.nameMax, 32);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says that there is no LittleFS, or where it is damaged, and never hangs', () => {
    const refused = (image: Uint8Array, message: RegExp) =>
      assert.throws(
        () => readLittlefsImage(image),
        (e) => e instanceof UserError && message.test(e.message),
      );
    refused(new Uint8Array(0x10000).fill(0xff), /no LittleFS here/);
    refused(new Uint8Array(0), /no LittleFS here/);
    const image = buildLittlefsImage(
      [
        { path: 'a/b.txt', bytes: bytes('x'.repeat(9000)) },
        { path: 'c', bytes: bytes('y') },
      ],
      { size: 0x10000 },
    );
    const folder = image.slice();
    for (let block = 2; block < 16; block++)
      if (folder[block * 4096] !== 0xff) folder.fill(0, block * 4096, block * 4096 + 4096);
    refused(folder, /cannot be read: /);
  });

  it('ends in content or a sentence for every image with broken bytes', () => {
    const image = buildLittlefsImage(
      Array.from({ length: 30 }, (_, n) => ({ path: `folder ${n % 4}/file ${n}`, bytes: bytes('z'.repeat(n * 300)) })),
      { size: 0x40000 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(0xffff), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const broken = image.slice();
        for (const [at, byte] of changes) broken[at] = byte;
        try {
          readLittlefsImage(broken);
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});
