import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { certificateUses } from '../../../src/io/pki/certificateUses';
import { issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { issueIntermediate } from '../../../src/io/pki/issueIntermediate';
import { parseRehearsalDay, rehearseStore } from '../../../src/io/pki/rehearsal';
import { writeRevocationList } from '../../../src/io/pki/revocationList';
import { recordProvisioned } from '../../../src/io/provisioning/provisionLedger';
import { PASSPHRASE, testPki } from '../../support/pki';
import { userError } from '../../support/userError';

test('a day to come: the certificates, lists, sketches and boards that no longer work, in their order', async () => {
  const { store, authority } = await testPki();
  await issueIntermediate(store, authority, { commonName: 'Factory CA', passphrase: PASSPHRASE, days: 900 });
  const factory = await unlockAuthority(store, PASSPHRASE, 'Factory CA');
  await issueDevice(store, factory, { commonName: 'lamp', days: 400 });
  await issueDevice(store, authority, { commonName: 'pump', days: 3000 });
  await writeRevocationList(store, authority, { days: 30 });
  const sketch = join(dirname(store.folder), 'lamp-firmware');
  await mkdir(sketch);
  await writeFile(join(sketch, 'secure-iot.json'), JSON.stringify({ certificates: { device: 'lamp' } }));
  const provisioned = (mac: string, device: string, time: string) =>
    recordProvisioned(store.folder, { time, mac, device, chip: 'ESP32' });
  await provisioned('aa:01', 'lamp', '2026-01-01T00:00:00Z');
  await provisioned('aa:02', 'lamp', '2026-01-01T00:00:01Z');
  await provisioned('aa:02', 'pump', '2026-01-02T00:00:00Z'); // it became another device since

  const in1000Days = Date.now() + 1000 * 86_400_000;
  const broken = await rehearseStore(store, in1000Days);
  assert.deepEqual(
    broken.map(({ name, role, sketches, boards }) => [name, role, sketches, boards]),
    [
      ['Test CA', 'revocation list', [], []],
      ['lamp', 'device', ['lamp-firmware'], ['aa:01']],
      ['Factory CA', 'intermediate', ['lamp-firmware'], ['aa:01']],
    ],
  );
  assert.deepEqual(await rehearseStore(store, Date.now()), []);

  const records = await store.list();
  const usesOf = await certificateUses(store, records);
  const root = records.find(({ role }) => role === 'authority');
  assert.deepEqual(root && usesOf(root).boards, ['aa:01', 'aa:02']);
});

test('a day is a date that exists', () => {
  assert.equal(new Date(parseRehearsalDay('2028-02-29')).toISOString(), '2028-02-29T23:59:59.000Z');
  assert.throws(() => parseRehearsalDay('2027-02-29'), userError('date'));
  assert.throws(() => parseRehearsalDay('tomorrow'), userError('date', /2030-01-31/));
});
