// Certificate chains for comparing our board rules with the real libraries: made up at random, most of them bad somewhere.
import fc from 'fast-check';
import {
  criticalExtension,
  generateKeys,
  issue,
  type TestIdentity,
  type TestKey,
  type TestRequest,
} from '../support/testAuthority';

const DAY = 86_400_000;

export interface ChainCase {
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
type Critical = readonly [oid: string, value: string];
/** Unknown to all, known to some; the value as DER in hex. */
const CRITICAL: readonly Critical[] = [
  ['1.2.3.4.5', '0500'],
  ['2.5.29.14', '040401020304'],
  ['2.5.29.30', '3000'],
  ['2.5.29.31', '3000'],
  ['2.5.29.32', '300830060604551d2000'], // any policy
  ['2.5.29.32', '3007300506032a0304'], // one of its own
  ['2.5.29.32', '301c301a06032a03043013301106082b060105050702011605687474703a'], // with a practice statement
  ['2.5.29.32', '3017301506032a0304300e300c06082b060105050702023000'], // with a notice
  ['2.5.29.36', '3000'],
  ['2.5.29.46', '3000'],
  ['1.3.6.1.5.5.7.1.1', '3000'],
  ['2.16.840.1.113730.1.1', '03020640'],
];
const seldom = Array.from({ length: 2 * CRITICAL.length }, () => undefined);
const critical = fc.constantFrom<Critical | undefined>(...seldom, ...CRITICAL);
const authority = fc.record({
  key: fc.nat(4),
  name: fc.constantFrom('Root', 'Middle', 'Other', 'middle'),
  ca: fc.constantFrom(true, true, true, true, false, undefined),
  pathLength: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  keyUsage: fc.constantFrom<TestRequest['keyUsage']>(undefined, undefined, ['keyCertSign'], ['digitalSignature']),
  hash: fc.constantFrom<TestRequest['hash']>('SHA-256', 'SHA-256', 'SHA-384', 'SHA-1'),
  validity,
  lies: fc.constantFrom(false, false, false, true),
  critical: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: critical }),
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
  critical,
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
      critical: undefined,
    },
  ],
  leaf: {
    key: 1,
    keyUsage: ['digitalSignature'],
    usages: ['serverAuth'],
    cn: 'mqtt.local',
    san: [{ type: 'dns', value: 'mqtt.local' }],
    hash: 'SHA-256',
    critical: undefined,
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

async function make(one: Shape, keys: readonly CryptoKeyPair[]): Promise<ChainCase> {
  const chain: TestIdentity[] = [];
  for (const { critical, name, key, validity: dates, lies, ...rest } of one.authorities) {
    const above = chain[0];
    // A liar is signed by a key that is not the one of the issuer it names.
    const issuer = above && lies ? { ...above, keys: keys[(key + 1) % keys.length] as CryptoKeyPair } : above;
    const request = {
      ...defined(rest),
      ...withCritical(critical),
      ...(one.dates ? dates : {}),
      cn: name,
      keys: keys[key] as CryptoKeyPair,
    };
    chain.unshift(await issue(issuer ? { ...request, issuer } : request));
  }
  const { key, validity: dates, critical, ...rest } = one.leaf;
  const issuer = one.selfSigned ? {} : { issuer: chain[0] as TestIdentity };
  const leaf = await issue({
    ...defined(rest),
    ...(one.dates ? dates : {}),
    ...issuer,
    ...withCritical(critical),
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

/** A key id may stand in a certificate once only. */
function withCritical(critical: Critical | undefined): Pick<TestRequest, 'bare' | 'extensions'> {
  return critical ? { bare: critical[0] === '2.5.29.14', extensions: [criticalExtension(...critical)] } : {};
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}

/** As many as asked for, a fifth of their keys `weakKey`, and the random shape each was made from: a third of them are good but for one thing. */
export async function chainCases(
  count: number,
  weakKey: TestKey,
): Promise<{ readonly shapes: readonly Shape[]; readonly cases: readonly ChainCase[] }> {
  const keys = await Promise.all(
    (['P-256', 'P-256', 'P-384', weakKey, 'P-521'] as const).map((key) => generateKeys(key)),
  );
  const third = Math.floor(count / 3);
  const shapes = [...fc.sample(shape, count - third), ...fc.sample(nearlyGood, third)];
  return { shapes, cases: await Promise.all(shapes.map((one) => make(one, keys))) };
}
