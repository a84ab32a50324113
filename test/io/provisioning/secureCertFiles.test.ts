import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors';
import { formatCsvField } from '../../../src/core/firmware/csvText';
import { SecureCertType } from '../../../src/core/firmware/secureCertFormat';
import { buildSecureCertImage } from '../../../src/core/firmware/secureCertImage';
import { readSecureCertImage } from '../../../src/core/firmware/secureCertReader';
import { checkSecureCert } from '../../../src/io/provisioning/secureCertEncoding';
import {
  buildSecureCertFile,
  extractSecureCert,
  identityEntries,
  readSecureCertFile,
  sha256,
} from '../../../src/io/provisioning/secureCertFiles';
import { buildWithTool, readWithTool, type SecureCertJob } from '../../support/secureCertTool';
import { seededSample } from '../../support/seed';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, issue, type TestIdentity, type TestKey } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';

const HEADER = 'tlv_type,tlv_subtype,data_value,data_type,priv_key_type,algorithm,key_size,efuse_id,efuse_key\n';
const IDENTITY = `${HEADER}ESP_SECURE_CERT_CA_CERT_TLV,0,ca.pem,file,,,,,\nESP_SECURE_CERT_DEV_CERT_TLV,0,device.pem,file,,,,,\n2,0,device.key,file,plaintext,ECDSA,256,,\n`;

type Set = { ca: TestIdentity; device: TestIdentity };
const filesOf = ({ ca, device }: Set) => ({ 'ca.pem': ca.pem, 'device.pem': device.pem, 'device.key': device.keyPem });
const identityOf = ({ ca, device }: Set) => ({
  ca: ca.pem,
  device: device.pem,
  deviceKey: device.keyPem,
  warnings: [],
});

/** Python, where Espressif's tool is installed beside it. */
function toolsPython(t: TestContext): string | undefined {
  return requireTool(t, 'configure_esp_secure_cert.py') && requireTool(t, 'python3');
}

async function buildHere({ csv, files }: SecureCertJob): Promise<Uint8Array> {
  const folder = temporaryFolder('secure-cert-files');
  for (const [name, content] of Object.entries({ ...files, 'in.csv': csv }))
    await writeFile(join(folder, name), content);
  return buildSecureCertFile(join(folder, 'in.csv'), join(folder, 'out.bin'));
}

/** Rows of user data: every data type, any length, several subtypes. */
const userRow = fc
  .tuple(
    fc.integer({ min: 51, max: 55 }),
    fc.nat(16),
    fc.oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 80 }).map((s) => ['string', `x${s}y`] as const),
      fc.uint8Array({ minLength: 1, maxLength: 700 }).map((b) => ['hex', Buffer.from(b).toString('hex')] as const),
      fc.uint8Array({ minLength: 1, maxLength: 99 }).map((b) => ['base64', Buffer.from(b).toString('base64')] as const),
    ),
  )
  .map(([type, subtype, [dataType, value]]) => ({ type, subtype, dataType, value }));
const userRows = fc.uniqueArray(userRow, {
  selector: (row) => `${row.type} ${row.subtype}`,
  minLength: 1,
  maxLength: 12,
});

describe('an esp_secure_cert image', () => {
  it('is the one of configure_esp_secure_cert.py: ECDSA and RSA keys, PEM and DER', async (t) => {
    const python = toolsPython(t);
    if (!python) return;
    const jobs: SecureCertJob[] = [];
    for (const key of ['P-256', 'P-384', 'rsa-2048'] as TestKey[]) {
      const set = await goodSet(key);
      jobs.push({ csv: IDENTITY, files: filesOf(set) });
      jobs.push({ csv: IDENTITY, files: { ...filesOf(set), 'ca.pem': set.ca.der, 'device.pem': set.device.der } });
    }
    const theirs = await buildWithTool(python, jobs);
    for (const [n, job] of jobs.entries())
      assert.deepEqual(Buffer.from(await buildHere(job)), Buffer.from(theirs[n] ?? ''), `job ${n}`);
  });

  it('is the tool’s over generated user data, and the tool’s refusals are ours', async (t) => {
    const python = toolsPython(t);
    if (!python) return;
    const files = filesOf(await goodSet());
    const jobs = seededSample(t, userRows, 60).map((rows): SecureCertJob => {
      const lines = rows.map(({ type, subtype, dataType, value }) =>
        [
          type % 2 ? type : `ESP_SECURE_CERT_USER_DATA_${type - 50}_TLV`,
          subtype,
          formatCsvField(value),
          dataType,
          ',,,,',
        ].join(','),
      );
      return { csv: `${IDENTITY}${lines.join('\n')}\n`, files };
    });
    const theirs = await buildWithTool(python, jobs);
    assert.ok(
      theirs.filter((image) => typeof image !== 'string').length > 30,
      String(theirs.find((x) => typeof x === 'string')),
    );
    for (const [n, job] of jobs.entries()) {
      const expected = theirs[n];
      if (typeof expected === 'string') await assert.rejects(buildHere(job), UserError, `${expected}\n${job.csv}`);
      else assert.deepEqual(Buffer.from(await buildHere(job)), Buffer.from(expected ?? ''), job.csv);
    }
  });

  it('is read by configure_esp_secure_cert.py --parse_bin: every checksum valid, certificates and key the same', async (t) => {
    const python = toolsPython(t);
    if (!python) return;
    const set = await goodSet();
    const user = {
      type: SecureCertType.ESP_SECURE_CERT_USER_DATA_2_TLV,
      subtype: 3,
      flags: 0,
      data: Buffer.from('model 7'),
    };
    const image = buildSecureCertImage([...identityEntries(identityOf(set)), user], sha256);
    const [reading] = await readWithTool(python, [image]);
    assert.ok(reading);
    assert.equal(reading.files['cacert_0_0.pem'], set.ca.pem);
    assert.equal(reading.files['devcert_1_0.pem'], set.device.pem);
    assert.match(reading.files['privkey_2_0.pem'] ?? '', /PRIVATE KEY/);
    assert.equal(reading.listing.match(/✓ VALID/g)?.length, 5);
    assert.doesNotMatch(reading.listing, /✗ INVALID/);
    assert.match(reading.csv, /USER_DATA_2_TLV,3,model 7,string/);
  });

  it('reads what the tool builds, entry by entry, without a complaint', async (t) => {
    const python = toolsPython(t);
    if (!python) return;
    const set = await goodSet();
    const [image] = await buildWithTool(python, [{ csv: IDENTITY, files: filesOf(set) }]);
    const content = readSecureCertImage(image as Uint8Array, sha256);
    assert.deepEqual(content.problems, []);
    assert.deepEqual(
      content.entries.map(({ type }) => type),
      [0, 1, 2, 9],
    );
    assert.deepEqual(checkSecureCert(content.entries, Date.now()), []);
  });

  it('names what is damaged, and never throws', async () => {
    const set = await goodSet();
    const image = buildSecureCertImage(identityEntries(identityOf(set)), sha256);
    const flipped = image.slice();
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    assert.match(
      readSecureCertImage(flipped, sha256).problems.join(),
      /CA_CERT_TLV.*wrong checksum.*integrity entry does not match/,
    );
    const partition = new Uint8Array(0x2000).fill(0xff);
    partition.set(image);
    assert.deepEqual(readSecureCertImage(partition, sha256).problems, []);
    partition[image.length + 100] = 0;
    assert.match(readSecureCertImage(partition, sha256).problems.join(), /no firmware reads/);
    assert.match(readSecureCertImage(image.subarray(0, 200), sha256).problems.join(), /cut off/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(image.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 }),
        (damage) => {
          const bad = image.slice();
          for (const [at, byte] of damage) bad[at] = byte;
          const { entries } = readSecureCertImage(bad, sha256);
          checkSecureCert(entries, Date.now());
        },
      ),
    );
  });

  it('says by how much the partition is too small', async () => {
    const entries = identityEntries(identityOf(await goodSet('rsa-2048')));
    const whole = buildSecureCertImage(entries, sha256).length;
    assert.equal(buildSecureCertImage(entries, sha256, whole).length, whole);
    assert.throws(
      () => buildSecureCertImage(entries, sha256, whole - 16),
      new RegExp(`need ${whole} bytes, the esp_secure_cert partition has ${whole - 16}: 16 too many`),
    );
  });

  it('tells when key and certificate do not belong together, and when something is missing', async () => {
    const set = await goodSet();
    const other = await issue({ cn: 'other' });
    const mixed = identityEntries({ ...identityOf(set), deviceKey: other.keyPem });
    assert.deepEqual(checkSecureCert(mixed, Date.now()), [
      'The private key does not belong to the device certificate.',
    ]);
    const [ca, device] = identityEntries(identityOf(set));
    assert.deepEqual(checkSecureCert(device ? [device] : [], Date.now()), [
      'There is no CA certificate: the board cannot check its broker with it.',
      'There is no private key.',
    ]);
    assert.match(checkSecureCert(ca ? [ca] : [], Date.now()).join(), /no device certificate/);
    assert.match(checkSecureCert(identityEntries(identityOf(set)), Date.now() + 1e12).join(), /expired on/);
  });

  it('comes apart into files and a CSV that build it again, and overwrites none', async () => {
    const folder = temporaryFolder('secure-cert-files');
    const user = { type: 53, subtype: 0, flags: 0, data: Uint8Array.of(1, 2, 0) };
    const image = buildSecureCertImage([...identityEntries(identityOf(await goodSet())), user], sha256);
    await writeFile(join(folder, 'image.bin'), image);
    const csv = await extractSecureCert(await readSecureCertFile(join(folder, 'image.bin')), join(folder, 'parts'));
    assert.equal((await stat(join(folder, 'parts', 'device_key_0.pem'))).mode & 0o777, 0o600);
    assert.deepEqual(Buffer.from(await buildSecureCertFile(csv, join(folder, 'again.bin'))), Buffer.from(image));
    await assert.rejects(
      extractSecureCert(await readSecureCertFile(join(folder, 'image.bin')), join(folder, 'parts')),
      (error) => error instanceof UserError && error.code === 'file-exists',
    );
  });

  it('refuses a bad CSV with the row and the reason, and writes nothing', async () => {
    const folder = temporaryFolder('secure-cert-files');
    const set = await goodSet();
    await mkdir(join(folder, 'a'));
    for (const [name, content] of Object.entries(filesOf(set))) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'text.txt'), 'hello');
    const cases: readonly (readonly [string, RegExp])[] = [
      ['NO_SUCH_TLV,0,x,string,,,,,', /Line 2 of the CSV: there is no TLV type "NO_SUCH_TLV"/],
      ['51,minus,x,string,,,,,', /the subtype "minus" is not a whole number/],
      ['51,254,x,string,,,,,', /the subtype 254; they go from 0 to 253/],
      ['51,0,,string,,,,,', /data_value is empty/],
      ['51,0,0x12,hex,,,,,', /not hexadecimal/],
      ['51,0,x,words,,,,,', /no data_type "words"/],
      ['51,0,%%%,base64,,,,,', /not base64/],
      ['51,0,a,string,,,,,\n51,0,b,string,,,,,', /USER_DATA_1_TLV with the subtype 0 comes twice/],
      ['0,0,text.txt,file,,,,,', /is no certificate, neither PEM nor DER/],
      ['0,0,missing.pem,file,,,,,', /missing\.pem: there is no such file/],
      ['2,0,text.txt,file,plaintext,,,,', /is no private key/],
      ['2,0,device.key,file,rsa_ds,RSA,2048,1,', /burns a key into the chip's eFuses/],
      ['2,0,device.key,file,other,,,,', /no priv_key_type "other"/],
      ['9,0,ab,hex,,,,,', /INTEGRITY_TLV is added by itself/],
    ];
    for (const [rows, message] of cases) {
      await writeFile(join(folder, 'bad.csv'), `${HEADER}${rows}\n`);
      await assert.rejects(buildSecureCertFile(join(folder, 'bad.csv'), join(folder, 'bad.bin')), message, rows);
    }
    await writeFile(join(folder, 'bad.csv'), 'type,value\n');
    await assert.rejects(buildSecureCertFile(join(folder, 'bad.csv'), join(folder, 'bad.bin')), /no column "tlv_type"/);
    await assert.rejects(readFile(join(folder, 'bad.bin')));
    await assert.rejects(readSecureCertFile(join(folder, 'text.txt')), /not an esp_secure_cert image/);
  });
});
