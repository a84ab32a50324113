// What subcommands do with an output that exists already: nothing that cannot be made again is lost.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { issueDevice } from '../../src/io/pki/issueCertificates';
import { buildNvsFile } from '../../src/io/provisioning/nvsFiles';
import { runCli } from '../support/cli';
import { testPki } from '../support/pki';
import { temporaryFolder } from '../support/temporaryFolder';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const NVS = 'key,type,encoding,value\nmqtt,namespace,,\nhost,data,string,broker.local\n';
const TABLE = 'nvs,data,nvs,0x9000,0x6000,\nfactory,app,factory,0x10000,0x100000,\n';

async function inputs() {
  const cwd = temporaryFolder('outputs');
  await writeFile(join(cwd, 'in.csv'), NVS);
  await writeFile(join(cwd, 'table.csv'), TABLE);
  await mkdir(join(cwd, 'data'));
  await writeFile(join(cwd, 'data', 'a.txt'), 'hello');
  const read = (name: string) => readFile(join(cwd, name));
  return { cwd, read };
}

const BUILDS = {
  nvs: 'nvs build in.csv out.bin 0x6000',
  partitions: 'partitions build table.csv out.bin',
  littlefs: 'littlefs build data out.bin 0x10000',
} as const;

describe('outputs that exist already', { concurrency: 2, timeout: 120_000 }, () => {
  for (const [kind, words] of Object.entries(BUILDS))
    it(`${kind}: an older image of the kind is replaced, anything else only with --force`, async () => {
      const { cwd, read } = await inputs();
      assert.equal((await runCli(cwd, words)).code, 0);
      const first = await read('out.bin');
      await writeFile(join(cwd, 'in.csv'), `${NVS}port,data,u16,8883\n`);
      await writeFile(join(cwd, 'data', 'a.txt'), 'changed');
      await writeFile(join(cwd, 'table.csv'), TABLE.replace('0x100000', '0x200000'));
      assert.equal((await runCli(cwd, words)).code, 0);
      const second = await read('out.bin');
      assert.notDeepEqual(second, first);
      for (const other of ['-----BEGIN PRIVATE KEY-----\n', Buffer.alloc(0x6000, 0x5a), Buffer.alloc(0x6000, 0xff)]) {
        await writeFile(join(cwd, 'out.bin'), other);
        const { code, err, out } = await runCli(cwd, `${words} --json`);
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, /: out\.bin exists already, .*--force\.$/m);
        assert.deepEqual(await read('out.bin'), Buffer.from(other));
      }
      assert.equal((await runCli(cwd, `${words} --force`)).code, 0);
      assert.deepEqual(await read('out.bin'), second);
    });

  it('no image takes the place of what it is made from, not even with --force', async () => {
    const { cwd, read } = await inputs();
    await runCli(cwd, 'nvs keys keys.bin');
    const keys = await read('keys.bin');
    for (const words of [
      'nvs build in.csv in.csv 0x6000 --force',
      'nvs build in.csv keys.bin 0x6000 --keys keys.bin --force',
      'partitions build table.csv table.csv --force',
      'littlefs build data data/fs.bin 0x10000 --force',
    ]) {
      const { code, err } = await runCli(cwd, words);
      assert.equal(code, 1, words);
      assert.match(err, /made from\. Choose another name|which is packed\. Choose a place/);
    }
    assert.equal(String(await read('in.csv')), NVS);
    assert.equal(String(await read('table.csv')), TABLE);
    assert.deepEqual(await read('keys.bin'), keys);
  });

  it('the NVS that a board has used is no image to be built again, plain or encrypted', async () => {
    const { cwd, read } = await inputs();
    await runCli(cwd, 'nvs keys keys.bin');
    for (const keyFile of [undefined, join(cwd, 'keys.bin')]) {
      const used = await buildNvsFile(join(cwd, 'in.csv'), join(cwd, 'used.bin'), 0x6000, { keyFile, force: true });
      used[32] = (used[32] ?? 0) & 0b11110011; // the second entry is erased, as nvs_set_str does to the one before
      await writeFile(join(cwd, 'out.bin'), used);
      const words = `nvs build in.csv out.bin 0x6000${keyFile ? ' --keys keys.bin' : ''}`;
      assert.match((await runCli(cwd, words)).err, /out\.bin exists already/);
      assert.deepEqual(await read('out.bin'), Buffer.from(used));
      assert.equal((await runCli(cwd, words.replace('out.bin', 'fresh.bin'))).code, 0);
      assert.equal((await runCli(cwd, words.replace('out.bin', 'fresh.bin'))).code, 0);
    }
  });

  it('an esp_secure_cert image with another key stays', async () => {
    const { store, authority } = await testPki();
    for (const commonName of ['one', 'two']) await issueDevice(store, authority, { commonName });
    const { cwd, read } = await inputs();
    const words = (name: string) => `secure-cert build --device ${name} --certs ${store.folder} out.bin`;
    assert.equal((await runCli(cwd, words('one'))).code, 0);
    assert.equal((await runCli(cwd, words('one'))).code, 0);
    const image = await read('out.bin');
    assert.match((await runCli(cwd, words('two'))).err, /out\.bin exists already/);
    assert.deepEqual(await read('out.bin'), image);
    assert.equal((await runCli(cwd, `${words('two')} --force`)).code, 0);
    assert.notDeepEqual(await read('out.bin'), image);
  });

  it("a copy of a board's flash is kept until --force, and the board is not even reset before", async (t: TestContext) => {
    const { cwd, read } = await inputs();
    const nvs = await buildNvsFile(join(cwd, 'in.csv'), join(cwd, 'nvs.bin'), 0x6000);
    const table = join(cwd, 'table.bin');
    await runCli(cwd, 'partitions build table.csv table.bin');
    const preload = [
      { offset: 0x8000, name: 'table', data: new Uint8Array(await readFile(table)) },
      { offset: 0x9000, name: 'nvs', data: nvs },
    ];
    const board = await VirtualBoard.start({ port: 0, preload });
    t.after(() => board.close());
    const port = `--port ${board.address}`;
    await writeFile(join(cwd, 'copy.bin'), 'the only copy');
    for (const words of [`read ${port} 0x9000 0x6000 copy.bin`, `nvs dump ${port} --back-up copy.bin`]) {
      const refused = await runCli(cwd, words);
      assert.equal(refused.code, 1);
      assert.match(refused.err, /: copy\.bin exists already, .*--force\.$/m);
      assert.equal(refused.out, '');
      assert.equal(String(await read('copy.bin')), 'the only copy');
      assert.equal((await runCli(cwd, `${words} --force`)).code, 0);
      assert.deepEqual(new Uint8Array(await read('copy.bin')), nvs);
      await writeFile(join(cwd, 'copy.bin'), 'the only copy');
    }
  });
});
