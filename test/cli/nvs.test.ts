import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';

const csv =
  'key,type,encoding,value\nmqtt,namespace,,\nhost,data,string,broker.local\nport,data,u16,8883\npassword,data,string,hunter2\ncert,file,binary,c.der\n';

test('builds an image from a CSV with files, and dumps it without its secrets', async () => {
  const cwd = temporaryFolder('nvs');
  await writeFile(join(cwd, 'in.csv'), csv);
  await writeFile(join(cwd, 'c.der'), Uint8Array.of(1, 2, 3));
  const built = await runCli(cwd, 'nvs build in.csv out.bin 0x6000');
  assert.deepEqual([built.code, built.out, built.err], [0, '', 'Wrote out.bin: 24576 bytes.\n']);
  const told = JSON.parse((await runCli(cwd, 'nvs build in.csv out.bin 0x6000 --json')).out);
  assert.deepEqual(told, { file: 'out.bin', bytes: 0x6000, encrypted: false });
  assert.equal((await stat(join(cwd, 'out.bin'))).mode & 0o777, 0o600);
  const dumped = await runCli(cwd, 'nvs dump out.bin');
  assert.equal(
    dumped.out,
    'key,type,encoding,value\nmqtt,namespace,,\nhost,data,string,broker.local\nport,data,u16,8883\npassword,data,string,(hidden)\ncert,data,hex2bin,010203\n',
  );
  assert.match(dumped.err, /Hidden: 1 secret value;/);
  assert.match((await runCli(cwd, 'nvs dump out.bin --secrets')).out, /hunter2/);
  const json = JSON.parse((await runCli(cwd, 'nvs dump out.bin --json')).out);
  assert.deepEqual(json.entries[1], { namespace: 'mqtt', key: 'port', encoding: 'u16', value: '8883' });
  assert.deepEqual(json.entries[2], { namespace: 'mqtt', key: 'password', encoding: 'string', hidden: true });
});

test('encrypts with keys that it makes and never overwrites', async () => {
  const cwd = temporaryFolder('nvs');
  await writeFile(join(cwd, 'in.csv'), csv.replace(/cert.*\n/, ''));
  assert.equal((await runCli(cwd, 'nvs keys keys.bin')).code, 0);
  const keys = await readFile(join(cwd, 'keys.bin'));
  const again = await runCli(cwd, 'nvs keys keys.bin');
  assert.equal(again.code, 1);
  assert.match(again.err, /never overwritten/);
  assert.deepEqual(await readFile(join(cwd, 'keys.bin')), keys);
  await runCli(cwd, 'nvs build in.csv out.bin 0x6000 --keys keys.bin');
  assert.ok(!(await readFile(join(cwd, 'out.bin'))).includes('hunter2'));
  const blind = await runCli(cwd, 'nvs dump out.bin');
  assert.equal(blind.code, 1);
  assert.match(blind.err, /encrypted\. Give the file with its keys/);
  assert.match((await runCli(cwd, 'nvs dump out.bin --keys keys.bin --secrets')).out, /hunter2/);
});

test('says what is wrong with a call, a file and a CSV', async () => {
  const cwd = temporaryFolder('nvs');
  await writeFile(join(cwd, 'bad.csv'), 'key,type,encoding,value\nn,namespace,,\nmuch_too_long_key,data,u8,1\n');
  await writeFile(join(cwd, 'type.csv'), 'key,type,encoding,value\nn,namespace,,\nk,data,u128,1\n');
  await writeFile(join(cwd, 'kind.csv'), 'key,type,encoding,value\nn,namespace,,\nk,blob,u8,1\n');
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['nvs', 2, /build, dump or keys/],
    ['nvs build bad.csv out.bin much', 2, /not a size/],
    ['nvs build none.csv out.bin 0x6000', 1, /none\.csv/],
    ['nvs build bad.csv out.bin 0x6000', 1, /at most 15/],
    ['nvs build type.csv out.bin 0x6000', 1, /"u128"/],
    ['nvs build kind.csv out.bin 0x6000', 1, /"blob"/],
  ];
  for (const [line, code, message] of cases) {
    const result = await runCli(cwd, line);
    assert.equal(result.code, code, line);
    assert.match(result.err, message);
  }
  await assert.rejects(stat(join(cwd, 'out.bin')));
});

test('a file that is no NVS image is refused, not shown as an empty one', async () => {
  const cwd = temporaryFolder('nvs');
  await writeFile(join(cwd, 'other.bin'), new Uint8Array(8192).fill(0x5a));
  const { code, out, err } = await runCli(cwd, 'nvs dump other.bin');
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /other\.bin is not an NVS image/);
});
