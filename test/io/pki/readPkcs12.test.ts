import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pemCertificates } from '../../../src/io/pki/pemCertificates';
import { writePkcs12 } from '../../../src/io/pki/pkcs12';
import { readPkcs12 } from '../../../src/io/pki/readPkcs12';
import { fullTestPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const SECRET = 'päss wörd';

test('what we write comes back: the certificate of the key first, and the key', async () => {
  const { store } = await fullTestPki();
  const { certificate, key } = await store.readDevice('esp32-device-001');
  const { certificate: ca } = await store.readCa();
  const [leaf, root] = [...pemCertificates(certificate, 'd'), ...pemCertificates(ca, 'ca')];
  assert.ok(leaf && root);
  const bytes = await writePkcs12({ certificates: [leaf, root], key: createPrivateKey(key), name: 'd' }, SECRET);
  const read = readPkcs12(bytes, SECRET, 'd.p12');
  assert.deepEqual(
    read.certificates.map((one) => one.fingerprint256),
    [leaf.fingerprint256, root.fingerprint256],
  );
  assert.ok(read.key?.equals(createPrivateKey(key)));
  assert.throws(() => readPkcs12(bytes, 'wrong', 'd.p12'), userError('passphrase', /d\.p12/));
  for (let at = 0; at < bytes.length; at += 211) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    try {
      // The version and the outer types are not covered by the check; a change there changes nothing.
      assert.ok(readPkcs12(damaged, SECRET, 'd.p12').key?.equals(createPrivateKey(key)), `byte ${at}`);
    } catch (error) {
      assert.equal((error as Error).name, 'UserError', `byte ${at}: ${error}`);
    }
  }
  for (const length of [0, 1, 100, bytes.length - 1])
    assert.throws(() => readPkcs12(bytes.subarray(0, length), SECRET, 'd.p12'), { name: 'UserError' });
});

test("openssl's files are read in each encryption of this century; RC2 is refused with the way out", async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store } = await fullTestPki();
  const { certificate, key } = store.pathsOf('device', 'esp32-device-001');
  const out = join(temporaryFolder('read-pkcs12'), 'd.p12');
  const make = async (...words: string[]) => {
    const files = ['-inkey', key, '-in', certificate, '-certfile', store.pathsOf('authority', 'ca').certificate];
    execFileSync(openssl, ['pkcs12', '-export', ...files, '-passout', `pass:${SECRET}`, '-out', out, ...words], {
      stdio: 'pipe',
    });
    return readPkcs12(await readFile(out), SECRET, 'd.p12');
  };
  for (const words of [
    [],
    ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-iter', '5000'],
    ['-certpbe', 'NONE'],
    ['-nomaciter'],
  ]) {
    const { certificates, key: read } = await make(...words);
    assert.match(certificates.map((one) => one.subject).join(' '), /^CN=esp32-device-001 CN=Test CA$/);
    assert.ok(read?.equals(createPrivateKey(await readFile(key, 'utf8'))), words.join(' '));
  }
  await assert.rejects(make('-legacy'), userError('pkcs12-cipher', /-legacy/));
});
