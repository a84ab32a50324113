// The board rules against the real Mbed TLS: for thousands of made-up chains both must give the same flags.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BoardObjection } from '../../src/core/diagnose/boardView';
import { lookAsBoard } from '../../src/core/diagnose/deviceEye';
import { parseCertificate } from '../../src/core/x509/certificate';
import { verifySignature } from '../../src/io/pki/signatureCheck';
import { criticalExtension, generateKeys, issue, type TestIdentity, type TestRequest } from '../support/testAuthority';
import { build } from './build';

const DAY = 86_400_000;

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

interface Case {
  readonly anchors: readonly TestIdentity[];
  readonly chain: readonly TestIdentity[];
  readonly host: string;
  readonly dates: boolean;
}

const validity = fc.constantFrom<Pick<TestRequest, 'notBefore' | 'notAfter'>>(
  {},
  {},
  {},
  { notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - 2 * DAY) },
  { notBefore: new Date(Date.now() + 2 * DAY), notAfter: new Date(Date.now() + 9 * DAY) },
);
const authority = fc.record({
  key: fc.nat(4),
  name: fc.constantFrom('Root', 'Middle', 'Other', 'middle'),
  ca: fc.constantFrom(true, true, true, true, false, undefined),
  pathLength: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  keyUsage: fc.constantFrom<TestRequest['keyUsage']>(undefined, undefined, ['keyCertSign'], ['digitalSignature']),
  hash: fc.constantFrom<TestRequest['hash']>('SHA-256', 'SHA-256', 'SHA-384', 'SHA-1'),
  validity,
  lies: fc.constantFrom(false, false, false, true),
});
const leafShape = fc.record({
  key: fc.nat(4),
  keyUsage: fc.constantFrom<TestRequest['keyUsage']>(undefined, ['digitalSignature'], ['keyAgreement']),
  usages: fc.constantFrom<TestRequest['usages']>(
    undefined,
    ['serverAuth'],
    ['clientAuth'],
    ['serverAuth', 'clientAuth'],
  ),
  cn: fc.constantFrom('mqtt.local', 'MQTT.Local', '*.example.com', '192.168.1.10', 'Root'),
  san: fc.constantFrom<TestRequest['san']>(
    undefined,
    undefined,
    [{ type: 'dns', value: 'mqtt.local' }],
    [{ type: 'dns', value: '*.example.com' }],
    [{ type: 'ip', value: '192.168.1.10' }],
    [
      { type: 'dns', value: 'x' },
      { type: 'ip', value: '192.168.1.10' },
      { type: 'dns', value: '192.168.1.10' },
    ],
    [{ type: 'url', value: 'mqtt.local' }],
  ),
  hash: fc.constantFrom<TestRequest['hash']>('SHA-256', 'SHA-512', 'SHA-1'),
  critical: fc.constantFrom(false, false, false, false, false, false, true),
  validity,
});
const shape = fc.record({
  // The first signs itself, each other is signed by the one before it, the last signs the leaf.
  authorities: fc.array(authority, { minLength: 1, maxLength: 4 }),
  leaf: leafShape,
  selfSigned: fc.constantFrom(false, false, false, false, true),
  // Indexes into [leaf, lowest authority, ..., root], then what the board trusts.
  served: fc.constantFrom<readonly number[]>(
    [0],
    [0, 1],
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 2, 1],
    [0, 2],
    [0, 1, 1, 2],
    [0, 0, 1],
  ),
  anchors: fc.constantFrom<readonly number[]>([1], [2], [3], [4], [1, 2], [3, 2], [4, 3], [0], [2, 2]),
  host: fc.constantFrom('mqtt.local', 'Mqtt.LOCAL', 'a.example.com', 'a.b.example.com', '192.168.1.10', 'example.com'),
  // Debian's library always compares dates, so for a board that does not all certificates are valid now.
  dates: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** A chain without fault: what random chains hardly ever are. */
const GOOD = {
  authorities: [
    {
      key: 0,
      name: 'Root',
      ca: true,
      pathLength: undefined,
      keyUsage: ['keyCertSign'],
      hash: 'SHA-256',
      validity: {},
      lies: false,
    },
  ],
  leaf: {
    key: 1,
    keyUsage: ['digitalSignature'],
    usages: ['serverAuth'],
    cn: 'mqtt.local',
    san: [{ type: 'dns', value: 'mqtt.local' }],
    hash: 'SHA-256',
    critical: false,
    validity: {},
  },
  selfSigned: false,
  served: [0],
  anchors: [1],
  host: 'mqtt.local',
  dates: true,
} as const satisfies Shape;

/** A good chain with at most one thing of a random one in it, in the leaf or around it. */
const nearlyGood = fc
  .record({
    random: shape,
    outer: fc.constantFrom<readonly (keyof Shape)[]>(
      [],
      [],
      ['authorities'],
      ['selfSigned'],
      ['served', 'anchors'],
      ['host'],
      ['dates'],
    ),
    inner: fc.constantFrom<readonly (keyof Shape['leaf'])[]>(
      [],
      [],
      ['key'],
      ['keyUsage'],
      ['usages'],
      ['cn', 'san'],
      ['hash'],
      ['critical'],
      ['validity'],
    ),
  })
  .map(
    ({ random, outer, inner }): Shape => ({
      ...GOOD,
      leaf: { ...GOOD.leaf, ...Object.fromEntries(inner.map((name) => [name, random.leaf[name]])) },
      ...Object.fromEntries(outer.map((name) => [name, random[name]])),
    }),
  );

async function make(one: Shape, keys: readonly CryptoKeyPair[]): Promise<Case> {
  const chain: TestIdentity[] = [];
  for (const { name, key, validity: dates, lies, ...rest } of one.authorities) {
    const above = chain[0];
    // A liar is signed by a key that is not the one of the issuer it names.
    const issuer = above && lies ? { ...above, keys: keys[(key + 1) % keys.length] as CryptoKeyPair } : above;
    const request = { ...defined(rest), ...(one.dates ? dates : {}), cn: name, keys: keys[key] as CryptoKeyPair };
    chain.unshift(await issue(issuer ? { ...request, issuer } : request));
  }
  const { key, validity: dates, critical, ...rest } = one.leaf;
  const extensions = critical ? [criticalExtension('1.2.3.4.5')] : [];
  const issuer = one.selfSigned ? {} : { issuer: chain[0] as TestIdentity };
  const leaf = await issue({
    ...defined(rest),
    ...(one.dates ? dates : {}),
    ...issuer,
    extensions,
    keys: keys[key] as CryptoKeyPair,
  });
  const all = [leaf, ...chain];
  const pick = (places: readonly number[]): TestIdentity[] => places.flatMap((place) => all[place] ?? []);
  const anchors = pick(one.anchors);
  return {
    anchors: anchors.length > 0 ? anchors : all.slice(-1),
    chain: pick(one.served),
    host: one.host,
    dates: one.dates,
  };
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}

async function askMbedtls(program: string, cases: readonly Case[]): Promise<{ code: number; flags: number }[]> {
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
  const keys = await Promise.all(
    ['P-256', 'P-256', 'P-384', 'rsa-1024', 'P-521'].map((key) => generateKeys(key as 'P-256')),
  );
  const count = Number(process.env['SECURE_IOT_CHAINS'] ?? 250);
  const shapes = [...fc.sample(shape, count - Math.floor(count / 3)), ...fc.sample(nearlyGood, Math.floor(count / 3))];
  const cases = await Promise.all(shapes.map((one) => make(one, keys)));
  const answers = await askMbedtls(program, cases);
  assert.equal(answers.length, cases.length);
  const seen = new Map<string, number>();
  for (const [i, one] of cases.entries()) {
    const { code = 0, flags = 0 } = answers[i] ?? {};
    const theirs = new Set(FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, objection]) => objection));
    // A positive result (printed negated) counts the certificates of a PEM list that did not parse.
    if (code === 0x2562 || code > 0x7fffffff) theirs.add('unknown-critical-extension');
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
