// The board rules against the real BearSSL: for made-up chains both must accept the same, and object first to the same.
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

/** BR_ERR_X509_... of inc/bearssl_x509.h: the objections that each number can stand for. */
const CODES: Readonly<Record<number, readonly BoardObjection[]>> = {
  49: ['weak-key', 'weak-hash'], // UNSUPPORTED: a curve or a signature algorithm
  50: ['weak-key'],
  51: ['not-trusted'], // WRONG_KEY_TYPE: the signature is of another algorithm than the issuer's key
  52: ['not-trusted'], // BAD_SIGNATURE
  54: ['expired', 'not-yet-valid'],
  55: ['not-trusted'], // DN_MISMATCH
  56: ['name-mismatch'],
  57: ['unknown-critical-extension'],
  58: ['not-trusted'], // NOT_CA
  59: ['key-usage'],
  60: ['weak-key'],
  62: ['not-trusted'],
};
const SIGN = 0x20; // BR_KEYTYPE_SIGN: without it br_ssl_client ends with BR_ERR_WRONG_KEY_USAGE

/** Some connect by `IPAddress`: no name is checked then. */
const byAddress = (i: number): boolean => i % 4 === 0;

async function askBearssl(
  program: string,
  cases: readonly ChainCase[],
  now: number,
): Promise<{ readonly code: number; readonly usages: number }[]> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const pem = (list: readonly TestIdentity[]) => list.map((one) => one.pem).join('');
  for (const [i, { anchors, chain, host }] of cases.entries())
    child.stdin.write(
      `HOST ${byAddress(i) ? '' : host}\nTIME ${now / 1000}\nCA\n${pem(anchors)}CHAIN\n${pem(chain)}END\n`,
    );
  child.stdin.end();
  await new Promise((resolve) => child.on('close', resolve));
  const lines = output.trim().split('\n');
  return lines.map((line) => {
    const [code = 0, usages = 0] = line.split(' ').map(Number);
    return { code, usages };
  });
}

test('the board rules object first to what the real BearSSL objects to, chain by chain', async (t) => {
  const { path: program, reason } = await build('verifyChainBearssl', ['verifyChainBearssl.c'], 'bearssl');
  if (!program) return t.skip(`no BearSSL program: ${reason}`);
  const { cases, shapes } = await chainCases(Number(process.env['SECURE_IOT_CHAINS'] ?? 250), 'rsa-1008');
  const now = Math.floor(Date.now() / 1000) * 1000;
  const answers = await askBearssl(program, cases, now);
  assert.equal(answers.length, cases.length);
  const seen = new Map<string, number>();
  for (const [i, { anchors, chain, host: hostName }] of cases.entries()) {
    const { code = -1, usages = 0 } = answers[i] ?? {};
    const { accepted, objections } = lookAsBoard({
      stack: 'bearssl',
      anchors: anchors.map(({ der }) => parseCertificate(der)),
      chain: chain.map(({ der }) => parseCertificate(der)),
      hostName: byAddress(i) ? undefined : hostName,
      now,
      verifySignature,
    });
    const theirs = code !== 0 ? CODES[code] : (usages & SIGN) === 0 ? ['key-usage'] : undefined;
    const told = `case ${i}: ${JSON.stringify(shapes[i], null, 1)}\nBearSSL ${code}, usages ${usages}, ours ${objections}`;
    assert.equal(accepted, code === 0 && (usages & SIGN) !== 0, told);
    const [first] = objections;
    if (first !== undefined) assert.ok(theirs?.includes(first), told);
    const name = first === undefined ? 'accepted' : `${first} (${code})`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  t.diagnostic(`chains by first objection: ${JSON.stringify(Object.fromEntries(seen))}`);
  const weak = 'no chain had this: the test is too weak';
  for (const wanted of ['accepted', 'expired (54)', 'name-mismatch (56)', 'not-trusted (62)', 'weak-key (60)'])
    assert.ok(seen.has(wanted), `${wanted}: ${weak}`);
});
