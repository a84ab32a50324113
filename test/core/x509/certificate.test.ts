import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { lookAsBoard } from '../../../src/core/diagnose/deviceEye';
import { UserError } from '../../../src/core/errors';
import { certificateRemarks } from '../../../src/core/pki/certificateRemarks';
import { chainProblems } from '../../../src/core/pki/chainProblems';
import { type Certificate, parseCertificate } from '../../../src/core/x509/certificate';
import { readElement, toHex } from '../../../src/core/x509/der';
import { readExtensions } from '../../../src/core/x509/extensions';
import { ipText, parseIp } from '../../../src/core/x509/generalName';
import { readCertificates } from '../../../src/core/x509/readCertificates';
import { temporaryFolder } from '../../support/temporaryFolder';
import { criticalExtension, issue, type TestIdentity, type TestKey } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';

let full: TestIdentity;
before(async () => {
  full = await issue({
    subject: [{ C: ['DE'] }, { O: ['Wärkstatt, Inc.'] }, { CN: ['mqtt.example.com'] }],
    ca: false,
    san: [
      { type: 'dns', value: 'mqtt.example.com' },
      { type: 'dns', value: '*.example.com' },
      { type: 'ip', value: '192.168.1.10' },
      { type: 'ip', value: '2001:db8::7' },
      { type: 'email', value: 'ops@example.com' },
      { type: 'url', value: 'https://example.com/x' },
    ],
    usages: ['serverAuth', 'clientAuth'],
    keyUsage: ['digitalSignature', 'keyAgreement'],
  });
});

/** What Node's own parser (OpenSSL) says of the same bytes. */
function assertAgreesWithNode(certificate: Certificate): void {
  const node = new X509Certificate(certificate.der);
  assert.equal(certificate.serial, node.serialNumber);
  assert.equal(certificate.notBefore, Date.parse(node.validFrom));
  assert.equal(certificate.notAfter, Date.parse(node.validTo));
  assert.equal(certificate.basicConstraints?.ca ?? false, node.ca);
  const { asymmetricKeyType, asymmetricKeyDetails } = node.publicKey;
  assert.equal(certificate.publicKey.algorithm, asymmetricKeyType);
  if (asymmetricKeyType === 'rsa') {
    assert.equal(certificate.publicKey.bits, asymmetricKeyDetails?.modulusLength);
    assert.equal(BigInt(certificate.publicKey.exponent ?? 0), asymmetricKeyDetails?.publicExponent);
  }
  if (asymmetricKeyType === 'ec') assert.equal(certificate.publicKey.curve, asymmetricKeyDetails?.namedCurve);
  assert.equal(toHex(certificate.spki), node.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'));
  const lines = (name: Certificate['subject']) =>
    name.parts.map((part) => part.map((attribute) => `${attribute.type}=${attribute.value}`).join(' + '));
  assert.deepEqual(lines(certificate.subject), (node.subject ?? '').split('\n').map(unescapeName).filter(Boolean));
}

/** Node prints names with RFC 2253 escapes. */
function unescapeName(line: string): string {
  return line.replace(/\\([,+"\\<>;#= ])/g, '$1');
}

test('every field of a certificate with everything in it is read', () => {
  const certificate = parseCertificate(full.der);
  assertAgreesWithNode(certificate);
  assert.equal(certificate.version, 3);
  assert.equal(certificate.subject.text, 'C=DE, O=Wärkstatt, Inc., CN=mqtt.example.com');
  assert.equal(certificate.subject.commonName, 'mqtt.example.com');
  assert.deepEqual(
    certificate.subjectAltNames?.map(({ type, value }) => `${type}:${value}`),
    [
      'dns:mqtt.example.com',
      'dns:*.example.com',
      'ip:192.168.1.10',
      'ip:2001:db8::7',
      'email:ops@example.com',
      'uri:https://example.com/x',
    ],
  );
  assert.deepEqual(certificate.extendedKeyUsage, ['serverAuth', 'clientAuth']);
  assert.deepEqual(certificate.keyUsage, ['digitalSignature', 'keyAgreement']);
  assert.deepEqual(certificate.basicConstraints, { ca: false });
  assert.equal(certificate.signatureAlgorithm.name, 'ecdsa-with-SHA256');
  assert.equal(certificate.signatureAlgorithm.hash, 'sha256');
  assert.match(certificate.subjectKeyId ?? '', /^[0-9a-f]{40}$/);
  assert.equal(certificate.authorityKeyId, certificate.subjectKeyId);
  assert.equal(certificate.extensions.find((extension) => extension.oid === '2.5.29.19')?.critical, true);
});

for (const key of ['P-256', 'P-384', 'P-521', 'rsa-1024', 'rsa-2048'] as TestKey[]) {
  test(`Node's parser agrees on a CA with a ${key} key`, async () => {
    const ca = await issue({ cn: 'Some CA', key, ca: true, pathLength: 1, hash: 'SHA-512' });
    const certificate = parseCertificate(ca.der);
    assertAgreesWithNode(certificate);
    assert.deepEqual(certificate.basicConstraints, { ca: true, pathLength: 1 });
    assert.equal(certificate.signatureAlgorithm.hash, 'sha512');
  });
}

test('a certificate without extensions is version 1 or has none of the optional members', async () => {
  const bare = parseCertificate((await issue({ cn: 'bare', bare: true })).der);
  assertAgreesWithNode(bare);
  assert.equal(bare.subjectAltNames, undefined);
  assert.equal(bare.basicConstraints, undefined);
  assert.equal(bare.subjectKeyId, undefined);
});

test('dates before 2050 and after it, and 1950, are read', async () => {
  for (const [from, to] of [
    ['1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z'],
    ['2024-02-29T12:34:56Z', '9999-12-31T23:59:59Z'],
  ] as const) {
    const certificate = parseCertificate(
      (await issue({ cn: 'dates', notBefore: new Date(from), notAfter: new Date(to) })).der,
    );
    assert.equal(certificate.notBefore, Date.parse(from));
    assert.equal(certificate.notAfter, Date.parse(to));
  }
});

test('what openssl makes (RSA-PSS, Ed25519, multi-valued and odd names) is read as openssl reads it', async (t) => {
  if (!requireTool(t, 'openssl')) return;
  const folder = temporaryFolder('x509');
  const cases: readonly [name: string, args: readonly string[], key: string, hash: string | undefined][] = [
    ['pss', ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sha384'], 'rsa-pss', 'sha384'],
    ['ed25519', ['-newkey', 'ed25519'], 'ed25519', undefined],
    ['ed448', ['-newkey', 'ed448'], 'ed448', undefined],
    ['brainpool', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'], 'ec', 'sha256'],
  ];
  for (const [name, args, key, hash] of cases) {
    const crt = join(folder, `${name}.crt`);
    const subject = '/C=DE/emailAddress=a@example.com/OU=x+CN=two in one/CN=Zoë';
    const common = ['req', '-x509', '-nodes', '-utf8', '-subj', subject, '-multivalue-rdn', '-days', '2'];
    execFileSync('openssl', [...common, ...args, '-keyout', join(folder, 'k'), '-out', crt], { stdio: 'pipe' });
    const [certificate] = readCertificates(readFileSync(crt, 'utf8'));
    assert.ok(certificate);
    assertAgreesWithNode(certificate);
    assert.equal(certificate.signatureAlgorithm.key, key);
    assert.equal(certificate.signatureAlgorithm.hash, hash);
    const fields = execFileSync('openssl', ['x509', '-in', crt, '-noout', '-serial', '-ext', 'subjectKeyIdentifier']);
    assert.ok(fields.includes(`serial=${certificate.serial}`));
    assert.ok(
      String(fields)
        .replaceAll(':', '')
        .toLowerCase()
        .includes(certificate.subjectKeyId ?? 'missing'),
    );
  }
});

test('hostile bytes throw the typed error and nothing else', () => {
  const attempt = (bytes: Uint8Array): void => {
    try {
      parseCertificate(bytes);
    } catch (error) {
      assert.ok(error instanceof UserError, `${error}`);
      assert.equal(error.code, 'der-damaged');
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), attempt), { numRuns: 500 });
  const edits = fc.array(fc.tuple(fc.nat(full.der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(edits, fc.nat(full.der.length), (changes, cut) => {
      const bytes = Uint8Array.from(full.der);
      for (const [at, octet] of changes) bytes[at] = octet;
      attempt(bytes);
      attempt(bytes.subarray(0, cut));
    }),
    { numRuns: 2000 },
  );
});

test('a deep nest of sequences does not overflow the stack', () => {
  const depth = 20_000;
  let bytes: number[] = [];
  for (let i = 0; i < depth; i++) {
    const length = bytes.length;
    if (length > 60_000) break;
    bytes = length < 128 ? [0x30, length, ...bytes] : [0x30, 0x82, length >> 8, length & 0xff, ...bytes];
    if (bytes.length > 2000) break;
  }
  assert.throws(() => parseCertificate(Uint8Array.from(bytes)), UserError);
});

test('a truth value without its octet is damage, not true', () => {
  const extension = (flag: Uint8Array) => {
    const id = Uint8Array.of(0x06, 3, 0x55, 0x1d, 0x13);
    const body = Uint8Array.of(...id, ...flag, 0x04, 2, 0x30, 0);
    return readElement(Uint8Array.of(0xa3, body.length + 4, 0x30, body.length + 2, 0x30, body.length, ...body));
  };
  assert.equal(readExtensions(extension(Uint8Array.of(0x01, 1, 0xff)))[0]?.critical, true);
  assert.equal(readExtensions(extension(Uint8Array.of(0x01, 1, 0)))[0]?.critical, false);
  assert.throws(() => readExtensions(extension(Uint8Array.of(0x01, 0))), /a truth value that is none/);
});

test('bytes after the certificate are refused', () => {
  assert.throws(() => parseCertificate(Uint8Array.from([...full.der, 0])), /bytes follow/);
});

test('every IP address survives text and back', () => {
  const address = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((a) => Uint8Array.from(a)),
  );
  fc.assert(fc.property(address, (octets) => assert.deepEqual(parseIp(ipText(octets)), octets)));
  assert.equal(toHex(parseIp('::ffff:10.0.0.1') ?? new Uint8Array()), '00000000000000000000ffff0a000001');
  for (const wrong of ['1.2.3', '1.2.3.256', ':::', '1::2::3', '12345::', 'mqtt.local', '1:2:3:4:5:6:7', '']) {
    assert.equal(parseIp(wrong), undefined, wrong);
  }
});

test('whatever stands in the extensions of a certificate that can be read, each judge has an answer', async () => {
  const constraints = '301da01b300d820b6578616d706c652e636f6d300a87080a000000ff000000';
  const authority = await issue({
    cn: 'mqtt.example.com',
    ca: true,
    pathLength: 1,
    san: [{ type: 'dns', value: 'mqtt.example.com' }],
    extensions: [
      criticalExtension('2.5.29.30', constraints),
      criticalExtension('2.5.29.32', '300830060604551d2000'),
      criticalExtension('2.5.29.31', '3010300ea00ca00a8608687474703a2f2f78'),
    ],
  });
  const changes = fc.array(fc.tuple(fc.nat(authority.der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  let judged = 0;
  fc.assert(
    fc.property(changes, (list) => {
      const der = authority.der.slice();
      for (const [at, octet] of list) der[at] = octet;
      const certificate = readOrNothing(der);
      if (!certificate) return;
      judged++;
      const chain = [certificate, certificate];
      certificateRemarks(certificate, Date.now());
      chainProblems(chain);
      for (const stack of ['mbedtls-2.28', 'mbedtls-3.6', 'bearssl'] as const)
        lookAsBoard({
          stack,
          anchors: chain,
          chain,
          hostName: '10.0.0.1',
          now: Date.now(),
          verifySignature: () => true,
        });
    }),
    { numRuns: 3000 },
  );
  assert.ok(judged > 300, `${judged} could be read`);
});

function readOrNothing(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
