import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { lookAsBoard } from '../../../src/core/diagnose/deviceEye';
import type { TlsStackId } from '../../../src/core/diagnose/tlsStack';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { readCertificates } from '../../../src/core/x509/readCertificates';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { temporaryFolder } from '../../support/temporaryFolder';
import { criticalExtension, goodSet, issue, type TestIdentity, type TestRequest } from '../../support/testAuthority';
import { findTool } from '../../support/tools';

const DAY = 86_400_000;
const ALL: readonly TlsStackId[] = ['mbedtls-2.28', 'mbedtls-3.4', 'mbedtls-3.6', 'mbedtls-4', 'bearssl'];
const BEARSSL: readonly TlsStackId[] = ['bearssl'];

let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
before(async () => {
  set = await goodSet();
});

interface Asked {
  readonly chain: readonly TestIdentity[];
  readonly anchors?: readonly TestIdentity[];
  readonly host?: string;
  readonly now?: number;
}

function objections(
  stack: TlsStackId,
  { chain, anchors = [set.ca], host = 'localhost', now = Date.now() }: Asked,
): string[] {
  const parse = (list: readonly TestIdentity[]) => list.map(({ der }) => parseCertificate(der));
  const question = { stack, anchors: parse(anchors), chain: parse(chain), hostName: host, verifySignature };
  return [...lookAsBoard(Number.isNaN(now) ? question : { ...question, now }).objections].sort();
}

/** Which stacks accept it. */
function accepting(asked: Asked): TlsStackId[] {
  return ALL.filter((stack) => objections(stack, asked).length === 0);
}

const leaf = (request: TestRequest): Promise<TestIdentity> =>
  issue({ cn: 'localhost', issuer: set.ca, san: [{ type: 'dns', value: 'localhost' }], ...request });

test('a good certificate is good for every stack', () => {
  assert.deepEqual(accepting({ chain: [set.broker] }), ALL);
});

test('an IP address in the SAN counts from Mbed TLS 3.5 on', () => {
  assert.deepEqual(accepting({ chain: [set.broker], host: '127.0.0.1' }), ['mbedtls-3.6', 'mbedtls-4']);
});

test('an IP address as a DNS name counts everywhere', async () => {
  const broker = await leaf({ san: [{ type: 'dns', value: '192.168.1.10' }] });
  assert.deepEqual(accepting({ chain: [broker], host: '192.168.1.10' }), ALL);
});

test('the CN counts only without a SAN', async () => {
  const { san: _san, ...bare } = { cn: 'mqtt.local', issuer: set.ca, san: undefined };
  assert.deepEqual(accepting({ chain: [await issue(bare)], host: 'mqtt.local' }), ALL);
  assert.deepEqual(accepting({ chain: [await leaf({ cn: 'mqtt.local' })], host: 'mqtt.local' }), []);
});

test('an expired certificate is refused only by BearSSL, which also refuses all before it knows the time', async () => {
  const old = await leaf({ notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) });
  assert.deepEqual(accepting({ chain: [old] }), ALL.slice(0, 4));
  assert.deepEqual(objections('bearssl', { chain: [old] }), ['expired']);
  assert.deepEqual(objections('bearssl', { chain: [set.broker], now: Number.NaN }), ['time-unknown']);
});

test('a chain out of order ends for BearSSL and Mbed TLS alike, a stray certificate only for BearSSL', async () => {
  const middle = await issue({ cn: 'Middle', issuer: set.ca, ca: true });
  const lower = await issue({ cn: 'Lower', issuer: middle, ca: true });
  const broker = await leaf({ issuer: lower });
  assert.deepEqual(accepting({ chain: [broker, lower, middle] }), ALL);
  assert.deepEqual(accepting({ chain: [broker, middle, lower] }), []);
  assert.deepEqual(accepting({ chain: [broker, set.device, lower, middle] }), ALL.slice(0, 4));
  assert.deepEqual(accepting({ chain: [broker, lower] }), []);
});

test('a critical extended key usage is refused by BearSSL', async () => {
  const broker = await leaf({ extensions: [criticalExtension('1.2.3.4')] });
  assert.deepEqual(accepting({ chain: [broker] }), []);
  for (const stack of ALL) assert.deepEqual(objections(stack, { chain: [broker] }), ['unknown-critical-extension']);
});

test("the broker's own certificate as the trust anchor is enough for BearSSL alone", () => {
  assert.deepEqual(accepting({ chain: [set.broker], anchors: [set.broker] }), BEARSSL);
});

test('a CA of version 1 is a CA for Mbed TLS when it is trusted; without the CA flag a version 3 one is not', async () => {
  const noFlag = await issue({ cn: 'No flag CA' });
  const broker = await leaf({ issuer: noFlag });
  assert.deepEqual(accepting({ chain: [broker], anchors: [noFlag] }), []);
});

test('SHA-1 in a signature, P-192-like weak keys and 1024-bit RSA are judged by each profile', async () => {
  const sha1 = await leaf({ hash: 'SHA-1' });
  assert.deepEqual(accepting({ chain: [sha1] }), BEARSSL);
  const short = await leaf({ key: 'rsa-1024' });
  assert.deepEqual(accepting({ chain: [short] }), BEARSSL);
});

test('a key that is bound to RSASSA-PSS is read by no board', { skip: !findTool('openssl') }, async () => {
  const folder = temporaryFolder('pss');
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  await writeFile(join(folder, 'ca.crt'), set.ca.pem);
  await writeFile(join(folder, 'ca.key'), set.ca.keyPem);
  await writeFile(join(folder, 'ext'), 'subjectAltName=DNS:mqtt.local\nextendedKeyUsage=serverAuth\n');
  const key = ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048', '-nodes', '-keyout', 'leaf.key'];
  openssl('req', '-new', ...key, '-subj', '/CN=mqtt.local', '-out', 'leaf.csr');
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  openssl('x509', '-req', '-in', 'leaf.csr', ...authority, '-extfile', 'ext', '-out', 'leaf.crt');
  const chain = readCertificates(await readFile(join(folder, 'leaf.crt'), 'utf8'));
  for (const stack of ALL) {
    const asked = { stack, anchors: [parseCertificate(set.ca.der)], chain, hostName: 'mqtt.local', verifySignature };
    const view = lookAsBoard({ ...asked, now: Date.now() });
    assert.deepEqual(view.objections, ['weak-key'], stack);
  }
});

test('an empty chain and no anchor are refused, not an exception', () => {
  for (const stack of ALL) {
    assert.ok(objections(stack, { chain: [] }).length > 0);
    assert.ok(objections(stack, { chain: [set.broker], anchors: [] }).includes('not-trusted'));
  }
});
