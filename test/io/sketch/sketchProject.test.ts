import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareSketch, writePrepared } from '../../../src/io/sketch/sketchProject';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../../src/io/sketch/templateFolder';
import { fullTestPki } from '../../support/pki';
import { userError } from '../../support/userError';

test('a project whose key cannot be kept is not made: nobody could sign for it', async () => {
  const { store } = await fullTestPki();
  const templates = findTemplateFolder();
  const request = {
    templates,
    template: pickTemplate(await loadTemplates(templates), 'rotation-ota'),
    framework: 'arduino',
    out: join(store.folder, '..', 'sketch'),
    values: { host: 'broker.test', device: 'esp32-device-001' },
    certificates: store.folder,
  } as const;
  const prepared = await prepareSketch(request, Date.now());
  await writeFile(join(store.folder, 'update'), 'in the way of the folder of its key');
  await assert.rejects(writePrepared(request, prepared), userError('file-write', /update/));
  assert.equal(existsSync(request.out), false);
});
