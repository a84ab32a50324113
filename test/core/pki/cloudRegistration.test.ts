import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registrationFiles, registrationSteps } from '../../../src/core/pki/cloudRegistration';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../../src/io/sketch/templateFolder';
import { userError } from '../../support/userError';

const device = (name: string, authority = 'CA') => ({ name, certificate: `PEM of ${name}`, authority });
const json = (files: Record<string, string>, name: string) => JSON.parse(files[name] ?? `no ${name}`);

test('AWS: one line a thing, and every parameter of the template is in it and the other way round', () => {
  const files = registrationFiles('aws-iot', [device('a'), device('b', 'Factory')]);
  const template = json(files, 'template.json');
  const lines = (files['things.jsonl'] ?? '').trimEnd().split('\n');
  assert.deepEqual(Object.keys(JSON.parse(lines[0] ?? '')), Object.keys(template.Parameters));
  assert.deepEqual(JSON.parse(lines[1] ?? ''), {
    ThingName: 'b',
    CertificatePem: 'PEM of b',
    CACertificatePem: 'Factory',
  });
  const used = [...JSON.stringify(template.Resources).matchAll(/"Ref":"(\w+)"/g)].map((match) => match[1]);
  assert.deepEqual(used.sort(), Object.keys(template.Parameters).sort());
  assert.equal(files['ca-2.pem'], 'Factory');
  assert.equal(registrationSteps('aws-iot', 2).filter((step) => /register-ca-certificate/.test(step)).length, 2);
});

test('AWS: the policy keeps a device to its own name and topics, which are those of the sketches made here', async () => {
  const { Statement } = json(registrationFiles('aws-iot', [device('a')]), 'policy.json');
  for (const { Resource } of Statement) assert.match(Resource, /\$\{iot:Connection\.Thing\.ThingName\}/);
  const may = (action: string, topic: string): boolean =>
    Statement.some(({ Action, Resource }: { Action: string | string[]; Resource: string }) => {
      const allowed = Resource.replace(/^.*?:topic(filter)?\//, '').replace(/\$\{.*?\}/, 'a');
      return [Action].flat().includes(action) && topic.startsWith(allowed.replace(/\*$/, ''));
    });
  const { slots } = pickTemplate(await loadTemplates(findTemplateFolder()), 'aws-iot');
  const topics = slots
    .filter(({ name }) => name.endsWith('Topic'))
    .map((slot) => slot.default?.replace('{{device}}', 'a') ?? '');
  assert.ok(topics.length >= 3, `${topics}`);
  for (const topic of topics) {
    assert.ok(may('iot:Publish', topic) && may('iot:RetainPublish', topic) && may('iot:Receive', topic), topic);
    assert.ok(may('iot:Subscribe', topic), topic);
    assert.ok(!may('iot:Publish', topic.replace('/a/', '/b/')));
  }
});

test('Azure: a group for each authority, and enrollments in the batches that the service takes', () => {
  const names = Array.from({ length: 101 }, (_, i) => `dev-${i}`);
  const files = registrationFiles(
    'azure-dps',
    names.map((name, i) => device(name, i === 7 ? 'Factory' : 'CA')),
  );
  const batches = Object.keys(files).filter((name) => name.startsWith('enrollments-'));
  assert.deepEqual([batches.length, batches[0], batches.at(-1)], [11, 'enrollments-01.json', 'enrollments-11.json']);
  const all = batches.flatMap((name) => json(files, name).enrollments);
  assert.deepEqual(
    all.map(({ registrationId }) => registrationId),
    names,
  );
  const group = json(files, 'enrollment-group-2.json');
  assert.equal(group.attestation.x509.signingCertificates.primary.certificate, 'Factory');
});

test('a name that the cloud does not take is refused by that name', () => {
  const refused = userError('registration-name', /"esp32\.lab"/);
  assert.throws(() => registrationFiles('aws-iot', [device('a'), device('esp32.lab')]), refused);
  assert.ok(registrationFiles('azure-dps', [device('esp32.lab')]));
  assert.throws(() => registrationFiles('azure-dps', [device('esp32 lab')]), userError('registration-name'));
  for (const name of ['lab.', '-lab', 'x'.repeat(129)])
    assert.throws(() => registrationFiles('azure-dps', [device(name)]), userError('registration-name'));
});
