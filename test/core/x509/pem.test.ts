import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors';
import { readPem, scanPem, writePem } from '../../../src/core/x509/pem';
import { readCertificates } from '../../../src/core/x509/readCertificates';
import { issue } from '../../support/testAuthority';

let pem: string;
let keyPem: string;
before(async () => {
  ({ pem, keyPem } = await issue({ cn: 'pem' }));
});

const damage = (text: string) => scanPem(text).problems.map(({ damage: kind, line }) => `${kind}@${line}`);

test('blocks are found in order with their lines, whatever is around them', () => {
  const text = `\ufeff# a comment\r\n${pem.replaceAll('\n', '\r\n')}\r\nmore\r\n  ${keyPem.replaceAll('\n', '\n  ')}`;
  const blocks = readPem(text);
  assert.deepEqual(
    blocks.map(({ label }) => label),
    ['CERTIFICATE', 'PRIVATE KEY'],
  );
  assert.equal(blocks[0]?.line, 2);
  assert.equal(writePem('CERTIFICATE', blocks[0]?.der ?? new Uint8Array()), pem);
});

test('any bytes survive writing and reading', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
      // A first octet of SEQUENCE would have its claimed length checked.
      const der = Uint8Array.from([4, ...bytes]);
      assert.deepEqual(readPem(writePem('X', der))[0]?.der, der);
    }),
  );
});

test('lost line breaks are named, not passed on as a certificate', () => {
  assert.deepEqual(damage(pem.replaceAll('\n', '')), ['lost-newlines@1']);
  assert.deepEqual(damage(`x\n${pem.replaceAll('\n', '\\n')}`), ['escaped-newlines@2']);
  assert.deepEqual(damage(pem.replace('\n-----END', '-----END')), [`lost-newlines@${pem.split('\n').length - 2}`]);
  assert.throws(() => readPem(pem.replaceAll('\n', ' ')), /line 1: the line breaks are lost/);
});

test('the line of the damage is said', () => {
  const lines = pem.trim().split('\n');
  const with5 = (line: string) => lines.map((old, i) => (i === 4 ? line : old)).join('\n');
  assert.deepEqual(damage(with5('MII!abc')), ['bad-character@5']);
  assert.deepEqual(damage(with5('abc')), [`cut-short@${lines.length}`]);
  assert.deepEqual(damage(lines.filter((_, i) => i !== 4).join('\n')), [`cut-short@${lines.length - 1}`]);
  assert.deepEqual(damage(lines.slice(0, -1).join('\n')), ['no-end@1']);
  assert.deepEqual(damage(lines.slice(1).join('\n')), [`no-begin@${lines.length - 1}`]);
  assert.deepEqual(damage(pem.replace('END CERTIFICATE', 'END PRIVATE KEY')), [`other-end@${lines.length}`]);
  assert.deepEqual(damage('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'), ['empty@1']);
});

test('a damaged block does not hide the good one after it', () => {
  const { blocks, problems } = scanPem(`${pem.replaceAll('\n', '')}\n${pem}`);
  assert.equal(problems.length, 1);
  assert.equal(blocks.length, 1);
  const unfinished = scanPem(`${pem.split('\n').slice(0, 3).join('\n')}\n${pem}`);
  assert.deepEqual([unfinished.problems.length, unfinished.blocks.length], [1, 1]);
});

test('headers of a key encrypted the old way are read apart from the data', () => {
  const text = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\nAAECAw==\n-----END RSA PRIVATE KEY-----`;
  const [block] = readPem(text);
  assert.deepEqual(block?.headers, { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'AES-128-CBC,00FF' });
  assert.deepEqual([...(block?.der ?? [])], [0, 1, 2, 3]);
});

test('no block, or only a key, is a clear error', () => {
  assert.throws(() => readPem('hello'), { code: 'pem-missing' });
  assert.throws(() => readCertificates(keyPem), { code: 'no-certificate' });
  assert.throws(() => readCertificates(writePem('CERTIFICATE', Uint8Array.of(0x30, 0))), /certificate in line 1/);
});

test('any text at all gives blocks or typed errors', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('\n', '-----BEGIN A-----', '-----END A-----', '-----BEGIN B-----\n', 'AAAA', 'a: b', '='),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        readPem(pieces.join(''));
      } catch (error) {
        assert.ok(error instanceof UserError);
      }
    }),
    { numRuns: 1000 },
  );
});
