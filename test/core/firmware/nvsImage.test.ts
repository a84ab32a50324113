import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors';
import { formatCsvField } from '../../../src/core/firmware/csvText';
import { formatNvsCsv, parseNvsCsv } from '../../../src/core/firmware/nvsCsv';
import { type NvsRow, nvsIntegerRange } from '../../../src/core/firmware/nvsFormat';
import { buildNvsImage } from '../../../src/core/firmware/nvsImage';
import { makeNvsKeyPartition, readNvsKeys } from '../../../src/core/firmware/nvsKeys';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { isNvsSecret } from '../../../src/core/firmware/nvsSecrets';
import { withWifiExtras } from '../../../src/core/firmware/nvsWifi';
import { nvsCipher, wifiMasterKey } from '../../../src/io/provisioning/nvsCipher';
import { generateNvs, type NvsJob } from '../../support/nvsGenerator';
import { requireTool } from '../../support/tools';

const noFiles = () => {
  throw new Error('no files here');
};
const header = 'key,type,encoding,value\n';
const keys = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) & 0xff);

function build({ csv, size, keys: jobKeys }: NvsJob): Uint8Array {
  const rows = withWifiExtras(parseNvsCsv(csv, noFiles), wifiMasterKey);
  return buildNvsImage(rows, size, jobKeys ? { cipher: nvsCipher(jobKeys) } : {});
}

/** Every job's image must be the tool's, byte for byte; where the tool refuses, we must too. */
async function compare(t: TestContext, jobs: readonly NvsJob[]): Promise<void> {
  const python = requireTool(t, 'python3');
  if (!python) return;
  const theirs = await generateNvs(python, jobs);
  const images = theirs.filter((result) => typeof result !== 'string').length;
  assert.ok(
    images > jobs.length / 2,
    `the tool built only ${images} of ${jobs.length}: ${theirs.find((r) => typeof r === 'string')}`,
  );
  jobs.forEach((job, n) => {
    const expected = theirs[n];
    if (typeof expected === 'string') {
      assert.throws(() => build(job), UserError, `the tool refuses (${expected}):\n${job.csv.slice(0, 2000)}`);
      return;
    }
    const image = build(job);
    const at = image.findIndex((byte, i) => byte !== expected?.[i]);
    assert.ok(
      at < 0 && image.length === expected?.length,
      `differs at ${at}, ${image.length} bytes, not ${expected?.length}:\n${job.csv.slice(0, 2000)}`,
    );
  });
}

const asciiKey = fc.stringMatching(/^[a-z][a-z0-9_.]{0,14}$/).filter((key) => !/^(ap|sta)\./.test(key));
const integerLine = fc
  .constantFrom('u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64' as const)
  .chain((type) => fc.tuple(fc.constant(type), fc.bigInt(nvsIntegerRange(type as 'u8'))))
  .map(([type, value]) => [type, String(value)] as const);
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength }).map((s) => s.replace(/[\r\n\0]/g, ' '));
const hex = (maxLength: number) =>
  fc.uint8Array({ maxLength, size: 'max' }).map((bytes) => Buffer.from(bytes).toString('hex'));
const dataLine = fc.oneof(
  { weight: 6, arbitrary: integerLine },
  { weight: 3, arbitrary: text(200).map((value) => ['string', value] as const) },
  { weight: 1, arbitrary: fc.integer({ min: 3000, max: 3967 }).map((n) => ['string', 'x'.repeat(n)] as const) },
  { weight: 2, arbitrary: hex(300).map((value) => ['hex2bin', value] as const) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 12_000 }).map((n) => ['hex2bin', 'a7'.repeat(n)] as const) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 99 }).map((b) => ['base64', Buffer.from(b).toString('base64')] as const),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((s) => ['binary', s.replace(/[\r\n]/g, '')] as const) },
  { weight: 1, arbitrary: fc.nat(90).map((n) => [`blob_fill(${n + 9};0x5a)`, 'value'] as const) },
  { weight: 1, arbitrary: fc.nat(90).map((n) => [`blob_sz_fill(${n + 9};0x00)`, ''] as const) },
);
const section = fc.tuple(
  asciiKey,
  fc.uniqueArray(fc.tuple(asciiKey, dataLine), { selector: ([key]) => key, maxLength: 25, size: 'max' }),
);
const generated: fc.Arbitrary<NvsJob> = fc
  .tuple(
    fc.uniqueArray(section, { selector: ([name]) => name, minLength: 1, maxLength: 6 }),
    fc.constantFrom(0x1000, 0x3000, 0x20000, 0x40000, 0x80000),
    fc.boolean(),
  )
  .map(([sections, size, encrypted]) => {
    const lines = sections.flatMap(([name, entries]) => [
      `${name},namespace,,`,
      ...entries.map(([key, [encoding, value]]) => `${key},data,${encoding},${formatCsvField(value)}`),
    ]);
    return { csv: `${header}# a comment\n${lines.join('\n')}\n`, size, ...(encrypted ? { keys } : {}) };
  });

describe('an NVS image', () => {
  it('is the one of esp-idf-nvs-partition-gen, over generated CSVs: every type, many pages, plain and encrypted', async (t) => {
    await compare(t, fc.sample(generated, { numRuns: 150, seed: 20_260 }));
  });

  it('is the tool’s where a blob meets the end of a page', async (t) => {
    const jobs: NvsJob[] = [];
    // 120 to 126 entries in use, then a blob of none, some and more than the rest of the page.
    for (let used = 119; used <= 125; used++)
      for (const bytes of [0, 1, 32, 33, 64, 96, 128, 160, 4000, 9000]) {
        const fill = Array.from({ length: used }, (_, i) => `k${i},data,u8,1`).join('\n');
        jobs.push({
          csv: `${header}n,namespace,,\n${fill}\nblob,data,hex2bin,${'5c'.repeat(bytes)}\nend,data,u8,2\n`,
          size: 0x8000,
        });
      }
    await compare(t, jobs);
  });

  it('is the tool’s where a string meets the end of a page', async (t) => {
    const jobs: NvsJob[] = [];
    for (let used = 121; used <= 125; used++)
      for (const length of [0, 31, 32, 63, 64, 95, 127]) {
        const fill = Array.from({ length: used }, (_, i) => `k${i},data,i64,-1`).join('\n');
        jobs.push({
          csv: `${header}n,namespace,,\n${fill}\ntext,data,string,${'y'.repeat(length)}\nend,data,u8,2\n`,
          size: 0x4000,
        });
      }
    await compare(t, jobs);
  });

  it('has the entries that the tool adds for Wi-Fi credentials', async (t) => {
    const csv = `${header}nvs.net80211,namespace,,\nsta.ssid,data,string,home\nsta.pswd,data,string,"a,""b"""\nap.ssid,data,string,board\nap.passwd,data,string,12345678\nap.authmode,data,u8,3\n`;
    await compare(t, [
      { csv, size: 0x3000 },
      { csv, size: 0x6000, keys },
    ]);
  });

  it('keeps the rows of a namespace that comes twice in that namespace', () => {
    const csv = `${header}a,namespace,,\nx,data,u8,1\nb,namespace,,\ny,data,u8,2\na,namespace,,\nz,data,u8,3\n`;
    const { rows } = readNvsImage(build({ csv, size: 0x3000 }));
    assert.deepEqual(
      rows.map((row) => row.key),
      ['a', 'x', 'z', 'b', 'y'],
    );
  });

  it('refuses what does not fit, with the key and the way out', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['a_key_of_sixteen,data,u8,1', /16 characters; NVS takes at most 15/],
      ['k,data,u8,256', /"k" is 256; u8 holds 0 to 255/],
      ['k,data,u8,0x10', /not a whole number in decimal/],
      ['k,data,hex2bin,abc', /two digits a byte/],
      ['k,data,base64,a', /not base64/],
      ['k,data,float,1.5', /encoding "float"\. Use one of u8/],
      ['k,number,u8,1', /type "number"\. Use namespace, data or file/],
      [`k,data,string,${'x'.repeat(4000)}`, /at most 3999\. Store it as a blob/],
      [`k,data,hex2bin,${'00'.repeat(9000)}`, /need 0x4000 bytes of NVS, the partition has 0x3000: 0x1000 too few/],
    ];
    for (const [line, message] of refused)
      assert.throws(() => build({ csv: `${header}n,namespace,,\n${line}\n`, size: 0x3000 }), message, line);
    assert.throws(() => build({ csv: `${header}k,data,u8,1\n`, size: 0x3000 }), /before the first namespace/);
    assert.throws(() => build({ csv: `${header}n,namespace,,\n`, size: 0x2800 }), /multiple of 0x1000/);
    assert.throws(() => build({ csv: 'name,value\n', size: 0x3000 }), /no column "key"/);
  });
});

describe('reading an NVS image', () => {
  it('gives back what was built, plain and encrypted', () => {
    fc.assert(
      fc.property(generated, (job) => {
        let image: Uint8Array;
        try {
          image = build(job);
        } catch (error) {
          assert.ok(error instanceof UserError);
          return;
        }
        const content = readNvsImage(image, job.keys && nvsCipher(job.keys));
        assert.deepEqual(content.problems, []);
        const wanted = new Map<string, string>();
        let namespace = '';
        for (const row of parseNvsCsv(job.csv, noFiles)) {
          if (row.kind === 'namespace') namespace = row.key;
          else if (!wanted.has(`${namespace}/${row.key}`))
            wanted.set(`${namespace}/${row.key}`, JSON.stringify(plain(row)));
        }
        const found = new Map<string, string>();
        for (const row of content.rows) {
          if (row.kind === 'namespace') namespace = row.key;
          else found.set(`${namespace}/${row.key}`, JSON.stringify(plain(row)));
        }
        assert.deepEqual(found, wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('writes CSV that builds the same content', () => {
    fc.assert(
      fc.property(generated, (job) => {
        let rows: readonly NvsRow[];
        try {
          rows = readNvsImage(build({ csv: job.csv, size: job.size })).rows;
        } catch (error) {
          assert.ok(error instanceof UserError);
          return;
        }
        assert.deepEqual(parseNvsCsv(formatNvsCsv(rows), noFiles), rows);
      }),
      { numRuns: 60 },
    );
  });

  it('says that a partition is encrypted when no key is given', () => {
    const image = build({ csv: `${header}n,namespace,,\nk,data,u8,1\n`, size: 0x3000, keys });
    const content = readNvsImage(image);
    assert.equal(content.looksEncrypted, true);
    assert.match(content.problems[0] ?? '', /encrypted.*--keys/);
  });

  it('never throws on damaged images, and leaves out what is damaged', () => {
    const csv = `${header}n,namespace,,\na,data,u8,1\ntext,data,string,hello\nblob,data,hex2bin,${'77'.repeat(5000)}\n`;
    const good = build({ csv, size: 0x4000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(0x2fff), fc.nat(255)), { minLength: 1, maxLength: 50 }), (damage) => {
        const image = good.slice();
        for (const [at, byte] of damage) image[at] = byte;
        readNvsImage(image);
      }),
    );
    const one = good.slice();
    one[64 + 32 + 8] = 0x41;
    assert.match(readNvsImage(one).problems.join(), /wrong checksum/);
  });

  it('takes the newest of two values of a key, in pages of any order', () => {
    const filler = Array.from({ length: 125 }, (_, i) => entry(`f${i}`, 1n));
    const namespace: NvsRow = { kind: 'namespace', key: 'n' };
    const older = buildNvsImage([namespace, entry('k', 1n)], 0x3000);
    const newer = buildNvsImage([namespace, ...filler, entry('k', 2n)], 0x3000);
    const image = new Uint8Array(0x3000).fill(0xff);
    image.set(newer.subarray(4096, 8192), 0); // sequence number 1
    image.set(older.subarray(0, 4096), 4096); // sequence number 0
    assert.deepEqual(readNvsImage(image).rows, [namespace, entry('k', 2n)]);
  });
});

describe('NVS keys and secrets', () => {
  it('a key partition carries its checksum, and a damaged one is refused', () => {
    const partition = makeNvsKeyPartition(keys);
    assert.deepEqual(readNvsKeys(partition), keys);
    partition[3] = 0;
    assert.throws(() => readNvsKeys(partition), /checksum of the key file is wrong/);
    assert.throws(() => readNvsKeys(new Uint8Array(10)), /fewer than 64 bytes/);
  });

  it('hides keys and passwords by name and by content, and nothing else', () => {
    const string = (text: string) => ({ kind: 'string', bytes: new TextEncoder().encode(text) }) as const;
    for (const key of ['sta.pswd', 'wifi_pass', 'mqtt_password', 'dev_key', 'api_token', 'key'])
      assert.ok(isNvsSecret(key, string('x')), key);
    assert.ok(isNvsSecret('pem', string('-----BEGIN EC PRIVATE KEY-----')));
    assert.ok(isNvsSecret('der', { kind: 'blob', bytes: Uint8Array.of(0x30, 0x77, 2, 1, 1, 4, 0x20) }));
    for (const key of ['sta.ssid', 'monkeys', 'dev_cert', 'keyboard']) assert.ok(!isNvsSecret(key, string('x')), key);
    assert.ok(!isNvsSecret('cert', { kind: 'blob', bytes: Uint8Array.of(0x30, 0x82, 1, 2, 0x30, 0x82) }));
  });
});

function entry(key: string, value: bigint): NvsRow {
  return { kind: 'entry', key, value: { kind: 'integer', type: 'u8', value } };
}

function plain(row: Extract<NvsRow, { kind: 'entry' }>): unknown {
  const { value } = row;
  return value.kind === 'integer'
    ? [value.type, String(value.value)]
    : [value.kind, Buffer.from(value.bytes).toString('hex')];
}
