import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sketchesByDevice } from '../../../src/io/pki/certificateUses';
import { temporaryFolder } from '../../support/temporaryFolder';

test('sketches are found by the device that they carry; broken files and libraries are passed over', async () => {
  const root = temporaryFolder('certificate-uses');
  const put = async (folder: string, text: string) => {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'secure-iot.json'), text);
  };
  const project = (device: string) => JSON.stringify({ certificates: { folder: 'certs', device } });
  await put('boards/one', project('d1'));
  await put('two', project('d1'));
  await put('broken', '{');
  await put('plain', '{}');
  await put('node_modules/x', project('d1'));
  assert.deepEqual(
    [...(await sketchesByDevice(root))].map(([d, s]) => [d, s.sort()]),
    [['d1', ['boards/one', 'two']]],
  );
  assert.equal((await sketchesByDevice(join(root, 'missing'))).size, 0);
});
