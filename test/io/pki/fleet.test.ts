import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { namesFromPattern } from '../../../src/core/pki/fleetNames';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { issueFleet } from '../../../src/io/pki/fleet';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { generatePrivateKey, privateKeyPem } from '../../../src/io/pki/keyPair';
import { revokeCertificate } from '../../../src/io/pki/revocationList';
import { SECURE_IOT } from '../../support/cli';
import { PASSPHRASE, testPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const fleet = (count: number) => namesFromPattern('dev-{001}', count);

test('a fleet certificate is the same as a single one but for name, key, serial number and time', async () => {
  const { store, authority } = await testPki();
  await issueFleet(store, authority, { names: fleet(3), threads: 1 });
  await issueDevice(store, authority, { commonName: 'single' });
  const read = async (name: string) =>
    parseCertificate(new X509Certificate((await store.readDevice(name)).certificate).raw);
  const [many, single] = [await read('dev-002'), await read('single')];
  const shape = (c: typeof many) => ({
    version: c.version,
    algorithm: c.signatureAlgorithm,
    issuer: c.issuer,
    extensions: c.extensions.map((e) => [e.oid, e.critical]),
    keyUsage: c.keyUsage,
    purposes: c.extendedKeyUsage,
    authority: c.authorityKeyId,
    life: c.notAfter - c.notBefore,
  });
  assert.deepEqual(shape(many), shape(single));
  assert.equal(many.subject.text, 'CN=dev-002');
});

test('openssl verifies fleet certificates strictly, also under RSA and P-384', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store, authority } = await testPki();
  for (const [prefix, keyKind] of [
    ['a', 'ecdsa-p256'],
    ['b', 'ecdsa-p384'],
    ['c', 'rsa-2048'],
  ] as const) {
    await issueFleet(store, authority, { names: namesFromPattern(`${prefix}{1}`, 2), keyKind, threads: 1 });
    const files = [1, 2].map((n) => store.pathsOf('device', `${prefix}${n}`).certificate);
    const ca = store.pathsOf('authority', 'ca').certificate;
    execFileSync(openssl, ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', ca, ...files]);
  }
});

test('a second run issues nothing twice, and takes up a key that lies there', async () => {
  const { store, authority } = await testPki();
  const { key } = store.pathsOf('device', 'dev-002');
  const pem = privateKeyPem(await generatePrivateKey('ecdsa-p256'));
  await mkdir(join(key, '..'));
  await writeFile(key, pem, { mode: 0o600 });
  assert.deepEqual(await counts(issueFleet(store, authority, { names: fleet(5), threads: 1 })), [5, 0]);
  const before = await readFile(store.ledgerPath, 'utf8');
  assert.deepEqual(await counts(issueFleet(store, authority, { names: fleet(7), threads: 2 })), [2, 5]);
  assert.ok((await readFile(store.ledgerPath, 'utf8')).startsWith(before));
  assert.equal((await store.readDevice('dev-002')).key, pem);
  const list = await store.list();
  assert.deepEqual(new Set(list.map((r) => r.name)).size, list.length);
  assert.equal((await stat(store.pathsOf('device', 'dev-001').key)).mode & 0o777, 0o600);
});

test('an empty file that a kill left is filled, and another one is never replaced', async () => {
  const { store, authority } = await testPki();
  const devices = join(store.folder, 'devices');
  await mkdir(devices);
  await writeFile(join(devices, 'dev-001.key'), '');
  await writeFile(join(devices, 'dev-002.crt'), '');
  assert.deepEqual(await counts(issueFleet(store, authority, { names: fleet(3), threads: 1 })), [3, 0]);
  for (const name of ['dev-001', 'dev-002']) {
    const { certificate, key } = await store.readDevice(name);
    assert.ok(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)));
  }
});

test('a fleet device can be revoked, and the inventory does not repeat the ledger', async () => {
  const { store, authority } = await testPki();
  await issueFleet(store, authority, { names: fleet(3), threads: 1 });
  await revokeCertificate(store, authority, { target: 'dev-002', reason: 'keyCompromise' });
  const status = Object.fromEntries((await store.list()).map((r) => [r.name, r.status]));
  assert.deepEqual(status, { 'Test CA': 'valid', 'dev-001': 'valid', 'dev-002': 'revoked', 'dev-003': 'valid' });
  assert.doesNotMatch(await readFile(join(store.folder, 'inventory.json'), 'utf8'), /dev-001/);
});

test('cancelled in the middle: what is there is written down, the rest follows later', async () => {
  const { store, authority } = await testPki();
  const stop = new AbortController();
  const run = issueFleet(store, authority, {
    names: fleet(900),
    signal: stop.signal,
    onProgress: () => stop.abort(),
    threads: 1,
  });
  await assert.rejects(run, { name: 'CancelledError' });
  const { records } = await store.readLedger();
  const files = (await readdir(join(store.folder, 'devices'))).filter((f) => f.endsWith('.crt'));
  assert.equal(records.length, files.length);
  assert.ok(files.length > 0 && files.length < 900, `${files.length}`);
});

test('a file that cannot be written stops the run with a clear error and keeps what was issued', async () => {
  const { store, authority } = await testPki();
  await mkdir(join(store.folder, 'devices/dev-003.key'), { recursive: true });
  await assert.rejects(
    issueFleet(store, authority, { names: fleet(5), threads: 1 }),
    userError('file-read', /dev-003\.key.*folder/),
  );
  assert.equal((await store.readLedger()).records.length, 2);
});

test('a folder that cannot be made is a clear error', async () => {
  const { store, authority } = await testPki();
  await writeFile(join(store.folder, 'devices'), 'a file');
  await assert.rejects(issueFleet(store, authority, { names: fleet(2) }), userError('file-write', /devices.*ENOTDIR/));
});

test('a name whose files were taken away is not issued again unasked, and once more on request', async () => {
  const { store, authority } = await testPki();
  await issueFleet(store, authority, { names: fleet(4), threads: 1 });
  const first = (await store.list()).find((r) => r.name === 'dev-002');
  const { certificate, key } = store.pathsOf('device', 'dev-002');
  await Promise.all([rm(certificate), rm(key)]);
  const second = await issueFleet(store, authority, { names: fleet(5), threads: 1 });
  assert.deepEqual([second.issued, second.existed, second.gone], [1, 3, 1]);
  assert.match(second.notes.join(), /1 of these devices were issued before/);
  assert.equal(await readFile(certificate, 'utf8').catch(() => 'none'), 'none');
  const third = await issueFleet(store, authority, { names: fleet(5), threads: 1, again: true });
  assert.deepEqual([third.issued, third.existed, third.gone], [1, 4, 0]);
  const records = (await store.list()).filter((r) => r.name === 'dev-002');
  assert.deepEqual(records.map((r) => r.status).sort(), ['replaced', 'valid']);
  assert.equal(records.find((r) => r.status === 'replaced')?.serial, first?.serial);
  await revokeCertificate(store, authority, { target: 'dev-002', reason: 'unspecified' });
  assert.equal((await store.list()).filter((r) => r.name === 'dev-002' && r.status === 'revoked').length, 1);
});

test('killed at random moments: ledger and files agree, no key is lost, the last run finishes', async () => {
  const kills = Number(process.env['SECURE_IOT_KILLS'] ?? 4);
  const count = 400;
  const { store } = await testPki();
  const keys = new Map<string, string>();
  const devices = join(store.folder, 'devices');
  for (let i = 0; i <= kills; i++) {
    const run = startFleet(store.folder, count);
    if (i < kills) {
      // The moment moves over the whole run: from before the first file to near the end.
      await Promise.race([run.ended, run.progressed((count * i) / kills, 20_000)]);
      await delay(Math.random() * 30);
      run.kill();
    }
    const code = await run.ended;
    if (i === kills) assert.equal(code, 0);
    await checkAgreement();
    if (i < kills && (await store.readLedger()).records.length === count) await rm(store.ledgerPath);
  }
  const list = (await store.list()).filter((r) => r.role === 'device');
  assert.equal(list.length, count);
  assert.equal(new Set(list.map((r) => r.serial)).size, count);
  assert.deepEqual(
    (await readdir(devices)).filter((f) => !/^dev-\d+\.(?:crt|key)$/.test(f)),
    [],
  );

  async function checkAgreement() {
    for (const record of (await store.readLedger()).records) {
      const certificate = new X509Certificate(await readFile(join(store.folder, record.file)));
      assert.equal(certificate.serialNumber, record.serial);
    }
    const files: string[] = await readdir(devices).catch(() => []);
    for (const file of files.filter((f) => /^dev-\d+\.key$/.test(f))) {
      const pem = await readFile(join(devices, file), 'utf8');
      if (pem === '') continue; // killed between creating and filling: holds no key, and the next run fills it
      assert.equal(keys.get(file) ?? pem, pem, `${file} was changed`);
      const leaf = await readFile(join(devices, file.replace('.key', '.crt'))).catch(() => undefined);
      if (!keys.has(file) && leaf?.length) assert.ok(new X509Certificate(leaf).checkPrivateKey(createPrivateKey(pem)));
      keys.set(file, pem);
    }
    for (const file of keys.keys()) assert.ok(files.includes(file), `${file} was lost`);
  }

  function startFleet(folder: string, n: number) {
    const child = spawn(
      process.execPath,
      [...SECURE_IOT, 'certs', 'fleet', '--dir', folder, '--count', `${n}`, '--pattern', 'dev-{001}'],
      { env: { ...process.env, SECURE_IOT_CA_PASSPHRASE: PASSPHRASE }, stdio: 'ignore' },
    );
    const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
    return {
      ended,
      kill: () => child.kill('SIGKILL'),
      async progressed(target: number, timeout: number) {
        for (const end = Date.now() + timeout; Date.now() < end && child.exitCode === null; await delay(5)) {
          if ((await readdir(devices).catch(() => [])).length / 2 > target) return;
        }
      },
    };
  }
});

async function counts(run: Promise<{ issued: number; existed: number }>): Promise<[number, number]> {
  const { issued, existed } = await run;
  return [issued, existed];
}

test('a thread that dies ends the run in order: nothing is written once it was told', async () => {
  const { store, authority } = await testPki();
  const worker = join(temporaryFolder('fleet-worker'), 'worker.cjs');
  // the first thread dies at once, the others go on with what a worker does, slowly
  await writeFile(
    worker,
    `const { parentPort, workerData, threadId } = require('node:worker_threads');
     const { writeFileSync } = require('node:fs');
     const died = workerData.folder + '/died';
     parentPort.on('message', ({ names }) => {
       try { writeFileSync(died, '', { flag: 'wx' }); } catch {
         return setTimeout(() => {
           writeFileSync(workerData.folder + '/' + names[0], '');
           parentPort.postMessage({ lines: '', issued: names.length, existed: 0 });
         }, 30);
       }
       throw new Error('out of memory');
     });`,
  );
  const run = issueFleet(store, authority, { names: fleet(900), threads: 3, workerFile: worker });
  await assert.rejects(run, /out of memory/);
  const devices = join(store.folder, 'devices');
  const told = (await readdir(devices)).length;
  await delay(200);
  assert.equal((await readdir(devices)).length, told);
});
