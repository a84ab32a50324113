// Diagnose Connection reads what New Secure Sketch wrote: the same host, port, authority and identity.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { projectFacts } from '../../../src/core/diagnose/projectFacts';
import { FRAMEWORKS } from '../../../src/core/firmware/template';
import { readProjectFiles } from '../../../src/io/diagnose/projectFiles';
import { findTemplateFolder, loadTemplates } from '../../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../../support/certificateFolder';
import { makeSketch } from '../../support/makeSketch';
import { temporaryFolder } from '../../support/temporaryFolder';

let folder = '';
/** Nothing in their sources is a certificate: a key, the framework's bundle, or loaded at run time. */
const WITHOUT_PEM = ['psk', 'certificate-bundle', 'littlefs', 'nvs', 'rotation-ota', 'payload-encryption'];

before(async () => {
  folder = temporaryFolder('sketch-facts');
  await makeCertificateFolder(join(folder, 'certs'));
});

test('a diagnosis finds the values of every template in its project', async () => {
  const templates = findTemplateFolder();
  const certificates = join(folder, 'certs');
  const pem = (path: string): Promise<string> => readFile(join(certificates, path), 'utf8');
  for (const template of await loadTemplates(templates)) {
    for (const framework of FRAMEWORKS.filter((name) => template.frameworks[name])) {
      const what = `${template.id}-${framework}`;
      const out = join(folder, what);
      const values: Record<string, string> = { host: 'broker.test', port: '8884', device: 'sensor-1' };
      for (const slot of template.slots) if (slot.kind === 'text') values[slot.name] = 'x';
      await makeSketch({ templates, template, framework, out, values, certificates }, Date.now());
      const facts = projectFacts(await readProjectFiles(out));
      assert.equal(facts.host?.value, 'broker.test', what);
      assert.equal(facts.port?.value, 8884, what);
      // Its name is in the certificate that it loads.
      assert.equal(facts.clientId, template.id === 'rotation-ota' ? undefined : 'sensor-1', what);
      assert.equal(facts.insecure, undefined, what);
      if (template.id === 'certificate-bundle') assert.ok(facts.usesBundle, what);
      if (WITHOUT_PEM.includes(template.id)) continue;
      assert.equal(facts.ca?.text.trim(), (await pem('ca/ca.crt')).trim(), what);
      if (template.id === 'password') continue;
      assert.equal(facts.clientCertificate?.text.trim(), (await pem('devices/sensor-1.crt')).trim(), what);
      assert.deepEqual(facts.identity?.device, 'sensor-1', what);
    }
  }
});
