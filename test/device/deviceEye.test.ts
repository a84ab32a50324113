// The board rules against the real Mbed TLS: for thousands of made-up chains both must give the same flags.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import type { BoardObjection } from '../../src/core/diagnose/boardView';
import { lookAsBoard } from '../../src/core/diagnose/deviceEye';
import { parseCertificate } from '../../src/core/x509/certificate';
import { verifySignature } from '../../src/io/pki/signatureCheck';
import type { TestIdentity } from '../support/testAuthority';
import { build } from './build';
import { type ChainCase, chainCases } from './chainCases';

/** MBEDTLS_X509_BADCERT_... of include/mbedtls/x509.h. */
const FLAGS: readonly (readonly [number, BoardObjection])[] = [
  [0x01, 'expired'],
  [0x04, 'name-mismatch'],
  [0x08, 'not-trusted'],
  [0x0200, 'not-yet-valid'],
  [0x0800, 'key-usage'],
  [0x1000, 'extended-key-usage'],
  [0x4000, 'weak-hash'],
  [0x8000, 'weak-key'],
  [0x010000, 'weak-key'],
];

async function askMbedtls(program: string, cases: readonly ChainCase[]): Promise<{ code: number; flags: number }[]> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const pem = (list: readonly TestIdentity[]) => list.map((one) => one.pem).join('');
  for (const one of cases) {
    const dates = one.dates ? 'DATES\n' : '';
    child.stdin.write(`HOST ${one.host}\n${dates}CA\n${pem(one.anchors)}CHAIN\n${pem(one.chain)}END\n`);
  }
  child.stdin.end();
  await new Promise((resolve) => child.on('close', resolve));
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [code = 0, flags = 0] = line.split(' ').map((part) => Number.parseInt(part, 16));
      return { code, flags };
    });
}

test('the board rules give the flags of the real Mbed TLS 2.28, chain by chain', async (t) => {
  const { path: program, reason } = await build('verifyChain', ['verifyChain.c']);
  if (!program) return t.skip(`no Mbed TLS program: ${reason}`);
  const { cases, shapes } = await chainCases(Number(process.env['SECURE_IOT_CHAINS'] ?? 250), 'rsa-1024');
  const answers = await askMbedtls(program, cases);
  assert.equal(answers.length, cases.length);
  const seen = new Map<string, number>();
  for (const [i, one] of cases.entries()) {
    const { code = 0, flags = 0 } = answers[i] ?? {};
    const theirs = new Set(FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, objection]) => objection));
    // -0x2080 is a critical policy; a positive result (printed negated) counts the certificates of a PEM list that did not parse.
    if (code === 0x2562 || code === 0x2080 || code > 0x7fffffff) theirs.add('unknown-critical-extension');
    const view = lookAsBoard({
      stack: 'mbedtls-2.28',
      anchors: one.anchors.map(({ der }) => parseCertificate(der)),
      chain: one.chain.map(({ der }) => parseCertificate(der)),
      hostName: one.host,
      now: Date.now(),
      checksDates: one.dates,
      verifySignature,
    });
    const ours = [...view.objections].sort();
    const told = `case ${i}: ${JSON.stringify(shapes[i], null, 1)}\ncode ${code.toString(16)} flags ${flags.toString(16)}`;
    assert.deepEqual(ours, [...theirs].sort(), told);
    for (const objection of ours.length > 0 ? ours : ['accepted']) seen.set(objection, (seen.get(objection) ?? 0) + 1);
  }
  t.diagnostic(`chains by objection: ${JSON.stringify(Object.fromEntries(seen))}`);
  for (const [, objection] of FLAGS) assert.ok(seen.has(objection), `no chain had ${objection}: the test is too weak`);
  assert.ok(seen.has('accepted') && seen.has('unknown-critical-extension'));
});
