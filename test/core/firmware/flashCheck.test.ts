import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { chipByName } from '../../../src/core/firmware/chips';
import { checkPlan, type FlashTarget, writesTable } from '../../../src/core/firmware/flashCheck';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import { firmwareImage, partitionTable, usualPartitions } from '../../support/firmwareFiles';

const hashes = {
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
  md5: (bytes: Uint8Array) => createHash('md5').update(bytes).digest(),
};
const esp32: FlashTarget = {
  chip: chipByName('ESP32')!,
  flashBytes: 4 * 1024 * 1024,
  revision: 300,
  secureBoot: false,
  flashEncryption: false,
};
const file = (offset: number, bytes: Uint8Array, name = 'app.bin') => ({ offset, bytes, name });
const code = (expected: string, message?: RegExp) => (error: Error & { code?: string }) => {
  assert.equal(error.code, expected, error.message);
  if (message) assert.match(error.message, message);
  return true;
};

describe('checkPlan', () => {
  const usual = [
    file(0x1000, firmwareImage(), 'bootloader.bin'),
    file(0x8000, partitionTable(), 'partitions.bin'),
    file(0x10000, firmwareImage({ data: Buffer.alloc(50_000, 7) }), 'app.bin'),
  ];

  it('takes what a build makes', () => {
    assert.deepEqual(checkPlan(planFlash(usual), esp32, hashes), []);
  });

  it('refuses an image for another chip, by both names', () => {
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, firmwareImage({ chipId: 5 }))]), esp32, hashes),
      code('wrong-chip', /app\.bin is for the ESP32-C3, but the board on this port is an ESP32\./),
    );
  });

  it('refuses a build for another chip although its images do not say so', () => {
    const plan = planFlash([file(0x9000, Buffer.alloc(4096, 1))], chipByName('esp32s3'));
    assert.throws(() => checkPlan(plan, esp32, hashes), code('wrong-chip', /ESP32-S3/));
  });

  it('refuses text where the bootloader must be', () => {
    assert.throws(
      () => checkPlan(planFlash([file(0x1000, Buffer.from('hello, this is text'))]), esp32, hashes),
      code('not-an-image', /does not start with 0xe9.*where the bootloader must be/),
    );
  });

  it('refuses data where the application must be, and takes it elsewhere', () => {
    const data = Buffer.alloc(4096, 1);
    assert.throws(() => checkPlan(planFlash([file(0x10000, data)]), esp32, hashes), code('not-an-image'));
    assert.deepEqual(checkPlan(planFlash([file(0x9000, data)]), esp32, hashes), []);
  });

  it('refuses an image cut off or damaged', () => {
    const image = firmwareImage({ data: Buffer.alloc(1000, 3) });
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, image.subarray(0, 600))]), esp32, hashes),
      code('image-damaged', /cut off: it has 600 bytes/),
    );
    const flipped = Buffer.from(image);
    flipped[200]! ^= 1;
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, flipped)]), esp32, hashes),
      code('image-damaged', /checksum does not match/),
    );
    const otherHash = Buffer.from(image);
    otherHash[4]! ^= 1; // the entry point is under the hash, not under the checksum
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, otherHash)]), esp32, hashes),
      code('image-damaged', /SHA-256 does not match/),
    );
  });

  it('refuses what is larger than the flash or its partition', () => {
    assert.throws(
      () => checkPlan(planFlash([file(0x3ff000, Buffer.alloc(8192, 1), 'fs.bin')]), esp32, hashes),
      code('image-too-large', /ends at 0x401000, beyond the 4 MB of flash/),
    );
    const table = partitionTable(usualPartitions.map((p) => (p.label === 'app0' ? { ...p, size: 0x1000 } : p)));
    const plan = planFlash([file(0x8000, table), file(0x10000, firmwareImage({ data: Buffer.alloc(9000) }))]);
    assert.throws(() => checkPlan(plan, esp32, hashes), code('image-too-large', /the partition "app0" only 4096/));
  });

  it('refuses a damaged partition table', () => {
    const table = partitionTable();
    table[5]! ^= 1;
    assert.throws(
      () => checkPlan(planFlash([file(0x8000, table)]), esp32, hashes),
      code('partition-table-damaged', /not a valid partition table/),
    );
  });

  it('looks for the application where the partition table puts it', () => {
    const table = partitionTable([{ label: 'main', type: 0, subtype: 0, offset: 0x20000, size: 0x100000 }]);
    const plan = planFlash([file(0x8000, table), file(0x20000, Buffer.alloc(4096, 1))]);
    assert.throws(() => checkPlan(plan, esp32, hashes), code('not-an-image', /partition "main"/));
  });

  it('looks inside an image of the whole flash', () => {
    const whole = Buffer.alloc(0x20000, 0xff);
    whole.set(firmwareImage({ chipId: 0 }), 0x1000);
    whole.set(partitionTable(), 0x8000);
    whole.set(firmwareImage({ chipId: 9 }), 0x10000);
    assert.throws(
      () => checkPlan(planFlash([file(0, whole, 'merged.bin')]), esp32, hashes),
      code('wrong-chip', /ESP32-S3/),
    );
    whole.set(firmwareImage({ chipId: 0 }), 0x10000);
    assert.deepEqual(checkPlan(planFlash([file(0, whole, 'merged.bin')]), esp32, hashes), []);
  });

  it('refuses an image that needs a later chip revision', () => {
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, firmwareImage({ minRevision: 310 }))]), esp32, hashes),
      code('wrong-chip-revision', /v3\.10 or later, this ESP32 is v3\.0/),
    );
  });

  it('remarks on a bootloader made for more flash than there is', () => {
    const plan = planFlash([file(0x1000, firmwareImage({ flashSize: 4 }), 'bootloader.bin')]);
    assert.match(checkPlan(plan, esp32, hashes)[0] ?? '', /built for 16 MB of flash, this board has 4 MB/);
  });

  it('does not touch boards that plain firmware would kill', () => {
    assert.throws(
      () => checkPlan(planFlash(usual), { ...esp32, flashEncryption: true }, hashes),
      code('flash-encrypted', /unbootable/),
    );
    const secure = { ...esp32, secureBoot: true };
    assert.throws(() => checkPlan(planFlash(usual), secure, hashes), code('secure-boot'));
    assert.deepEqual(checkPlan(planFlash(usual.slice(2)), secure, hashes), []);
  });

  it('takes only signed images for a board with Secure Boot V2', () => {
    const secure = { ...esp32, secureBoot: true, secureBootVersion: 2 as const };
    const image = firmwareImage();
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, image)]), secure, hashes),
      code('secure-boot-unsigned', /app\.bin has no signature.*espsecure sign-data/),
    );
    const signed = Buffer.alloc(0x2000, 0xff);
    signed.set(image);
    signed.set([0xe7, 0x02], 0x1000); // ets_secure_boot_sig_block_t: magic and version
    assert.deepEqual(checkPlan(planFlash([file(0x10000, signed)]), secure, hashes), []);
  });

  it('takes only signed images for a board with Secure Boot V1, whose signature follows the image at once', () => {
    const secure = { ...esp32, secureBoot: true, secureBootVersion: 1 as const };
    const image = firmwareImage();
    const check = (...parts: Uint8Array[]) =>
      checkPlan(planFlash([file(0x10000, Buffer.concat(parts))]), secure, hashes);
    const unsigned = code('secure-boot-unsigned', /Secure Boot V1.*sign-data --version 1/);
    assert.throws(() => check(image), unsigned);
    assert.throws(() => check(image, Buffer.alloc(68, 0xff)), unsigned);
    assert.throws(() => check(image, Buffer.alloc(60)), unsigned);
    assert.deepEqual(check(image, Buffer.alloc(4), Buffer.alloc(64, 7)), []);
  });

  it('finds a partition table that was moved for a large bootloader, alone and in a merged image', () => {
    const table = partitionTable([{ label: 'app0', type: 0, subtype: 0x10, offset: 0x20000, size: 0x2000 }]);
    const bootloader = firmwareImage({ data: Buffer.alloc(0x9000, 7) });
    const small = firmwareImage({ data: Buffer.alloc(4000, 7) });
    const parts = (app: Buffer) => [file(0x1000, bootloader), file(0x10000, table), file(0x20000, app)];
    assert.deepEqual(checkPlan(planFlash(parts(small)), esp32, hashes), []);
    assert.throws(
      () => checkPlan(planFlash(parts(firmwareImage({ data: Buffer.alloc(9000) }))), esp32, hashes),
      code('image-too-large', /the partition "app0" only 8192/),
    );
    const merged = Buffer.alloc(0x22000, 0xff);
    for (const { offset, bytes } of parts(small)) merged.set(bytes, offset);
    assert.deepEqual(checkPlan(planFlash([file(0, merged)]), esp32, hashes), []);
    const chance = firmwareImage({ data: Buffer.alloc(9000, 7) });
    chance.set([0xaa, 0x50], 0x1000);
    assert.equal(writesTable(planFlash([file(0x10000, chance)])), false, 'two bytes of an application are no table');
    table[10] = 1; // of the size of app0
    assert.throws(() => checkPlan(planFlash(parts(small)), esp32, hashes), code('partition-table-damaged', /0x10000/));
    const usualTable = partitionTable();
    usualTable[10] = 1;
    const damaged = Buffer.alloc(0x9000, 0xff);
    damaged.set(usualTable, 0x8000);
    assert.throws(() => checkPlan(planFlash([file(0, damaged)]), esp32, hashes), code('partition-table-damaged'));
  });

  it('goes by the partition table on the board where it writes none', () => {
    const board: FlashTarget = {
      ...esp32,
      partitions: usualPartitions.map((p) => ({ ...p, encrypted: false, readOnly: false })),
    };
    const small = firmwareImage({ data: Buffer.alloc(50_000, 7) });
    assert.deepEqual(checkPlan(planFlash([file(0x10000, small)]), board, hashes), []);
    const large = firmwareImage({ data: Buffer.alloc(0x140000, 7) });
    assert.throws(
      () => checkPlan(planFlash([file(0x10000, large)]), board, hashes),
      code('image-too-large', /the partition "app0" only 1310720\. Enlarge/),
    );
    const table = partitionTable([{ label: 'app0', type: 0, subtype: 0x10, offset: 0x10000, size: 0x200000 }]);
    assert.deepEqual(checkPlan(planFlash([file(0x8000, table), file(0x10000, large)]), board, hashes), []);
    assert.match(
      checkPlan(planFlash([file(0x160000, small)]), board, hashes)[0] ?? '',
      /No application partition of this board starts at 0x160000 \(it has "app0" at 0x10000\)/,
    );
  });

  it('remarks that a board without a partition table will not find its application', () => {
    const blank: FlashTarget = { ...esp32, partitions: 'none' };
    assert.match(
      checkPlan(planFlash(usual.slice(2)), blank, hashes)[0] ?? '',
      /no valid partition table: .* does not find app\.bin\. Flash bootloader/,
    );
    assert.deepEqual(checkPlan(planFlash(usual.slice(0, 1)), blank, hashes), []);
  });

  it('says what a file covers that starts before an application and runs over it', () => {
    assert.throws(
      () => checkPlan(planFlash([file(0x9000, Buffer.alloc(0x8000, 1))]), esp32, hashes),
      code('not-an-image', /app\.bin, written from 0x9000 on, would cover 0x10000, where the application must be/),
    );
  });
});
