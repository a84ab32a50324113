// The source reader understands every project that New Secure Sketch makes, in every framework.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ProjectFacts, projectFacts } from '../../../src/core/diagnose/projectFacts';
import type { Framework } from '../../../src/core/firmware/template';
import type { SlotKind } from '../../../src/core/firmware/templateParts';
import { lintFile } from '../../../src/core/lint/lintFile';
import { readProjectFiles } from '../../../src/io/diagnose/projectFiles';
import { loadTemplates } from '../../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../../support/certificateFolder';
import { makeSketch } from '../../support/makeSketch';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

const FILLERS: Partial<Record<SlotKind, string>> = { hexKey: 'a0'.repeat(32), pin: '4', dhtSensor: 'DHT20' };
/** What a template says about trust, where it is not certificates in the sources. */
const OTHERWISE: Readonly<Record<string, (facts: ProjectFacts) => boolean>> = {
  'certificate-bundle': ({ usesBundle }) => usesBundle,
  psk: ({ usesPsk }) => usesPsk,
  nvs: ({ atRunTime }) => atRunTime.ca && atRunTime.clientCertificate,
  littlefs: ({ atRunTime }) => atRunTime.ca && atRunTime.clientCertificate,
  'rotation-ota': ({ atRunTime }) => atRunTime.ca && atRunTime.clientCertificate,
  'payload-encryption': ({ plainClient }) => plainClient !== undefined,
};

test('host, port, stack and trust of every template are read', async (t) => {
  if (!requireTool(t, 'openssl')) return;
  const place = temporaryFolder('templates');
  const certificates = await makeCertificateFolder(join(place, 'certs'));
  const folder = join(__dirname, '../../../firmware-templates');
  for (const template of await loadTemplates(folder)) {
    for (const framework of Object.keys(template.frameworks) as Framework[]) {
      const name = `${template.id} (${framework})`;
      const values: Record<string, string> = { host: 'broker.test', device: 'sensor-1' };
      for (const slot of template.slots) {
        if (slot.from || slot.name in values || slot.optional) continue;
        if (slot.default === undefined) values[slot.name] = FILLERS[slot.kind] ?? 'filler';
      }
      const out = join(place, `${template.id}-${framework}`);
      await makeSketch({ templates: folder, template, framework, out, values, certificates }, Date.now());
      const files = await readProjectFiles(out);
      for (const { path, text } of files) assert.deepEqual(lintFile(path, text), [], `${name}: ${path}`);
      const facts = projectFacts(files);
      assert.equal(facts.host?.value, 'broker.test', `${name}: host`);
      const port = Number(template.slots.find((slot) => slot.name === 'port')?.default);
      assert.equal(facts.port?.value, port, `${name}: port`);
      assert.equal(facts.plainClient !== undefined, template.id === 'payload-encryption', `${name}: TLS`);
      assert.equal(facts.insecure, undefined, `${name}: insecure`);
      assert.equal(facts.stack.framework, framework === 'esp-idf' ? 'esp-idf' : 'arduino', `${name}: framework`);
      const otherwise = OTHERWISE[template.id];
      if (otherwise) assert.ok(otherwise(facts), `${name}: trust ${JSON.stringify(facts.atRunTime)}`);
      else assert.equal(facts.ca?.certificates[0]?.subject.commonName, 'Test CA', `${name}: CA`);
      const mutual = template.slots.some(({ from }) => from === 'device');
      if (mutual && !otherwise) {
        assert.equal(facts.clientCertificate?.certificates[0]?.subject.commonName, 'sensor-1', `${name}: certificate`);
        assert.ok(facts.clientKey, `${name}: key`);
      }
    }
  }
});
