// Where the identity goes on boards of other kinds, and what a board has when the write is cut off.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { buildLittlefsImage } from '../../../src/core/firmware/littlefsImage';
import { readLittlefsImage } from '../../../src/core/firmware/littlefsReader';
import type { NvsRow, NvsValue } from '../../../src/core/firmware/nvsFormat';
import { buildNvsImage } from '../../../src/core/firmware/nvsImage';
import { makeNvsKeyPartition, readNvsKeys } from '../../../src/core/firmware/nvsKeys';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { SECURE_CERT_PARTITION_TYPE, secureCertTypeName } from '../../../src/core/firmware/secureCertFormat';
import { readSecureCertImage } from '../../../src/core/firmware/secureCertReader';
import type { DeviceIdentity } from '../../../src/io/pki/identityFiles';
import { nvsCipher } from '../../../src/io/provisioning/nvsCipher';
import { type ProvisionRequest, provisionBoard } from '../../../src/io/provisioning/provisionBoard';
import { sha256 } from '../../../src/io/provisioning/secureCertFiles';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';
import { PARTITION_TABLE_OFFSET } from '../../virtualBoard/demoImage';
import type { Fault } from '../../virtualBoard/faults';
import { buildPartitionTable, demoPartitions } from '../../virtualBoard/partitions';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const NVS = { offset: 0x9000, size: 0x6000 };
const NVS_KEYS = { label: 'nvs_keys', type: 1, subtype: 4, offset: 0x110000, size: 0x1000 };
const SECURE_CERT = {
  label: 'esp_secure_cert',
  type: SECURE_CERT_PARTITION_TYPE,
  subtype: 0,
  offset: 0x111000,
  size: 0x2000,
};
const STORAGE = { label: 'spiffs', type: 1, subtype: 0x82, offset: 0x120000, size: 0x20000 };
const keys = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
const text = (value: string): NvsValue => ({ kind: 'string', bytes: new TextEncoder().encode(value) });
const wifi: readonly NvsRow[] = [
  { kind: 'namespace', key: 'nvs.net80211' },
  { kind: 'entry', key: 'sta.ssid', value: text('home') },
  { kind: 'namespace', key: 'tls' },
  { kind: 'entry', key: 'root_ca', value: text('an old CA') },
  { kind: 'entry', key: 'device_cert', value: text('an old certificate') },
  { kind: 'entry', key: 'device_key', value: text('an old key') },
];

describe('provisioning by partition table', { concurrency: 2 }, () => {
  let identity: DeviceIdentity;
  before(async () => {
    const { ca, device } = await goodSet();
    identity = { ca: ca.pem, device: device.pem, deviceKey: device.keyPem, warnings: [] };
  });

  type Extra = {
    partitions?: typeof demoPartitions;
    flash?: readonly { at: number; data: Uint8Array }[];
    faults?: readonly Fault[];
  };

  async function board(t: TestContext, { partitions = demoPartitions, flash = [], faults }: Extra) {
    const table = { offset: PARTITION_TABLE_OFFSET, name: 'table', data: buildPartitionTable(partitions) };
    const preload = [table, ...flash.map(({ at, data }) => ({ offset: at, name: 'data', data }))];
    const made = await VirtualBoard.start({ port: 0, factory: true, preload, ...(faults ? { faults } : {}) });
    t.after(() => made.close());
    return made;
  }

  async function provision(to: VirtualBoard, folder: string, request: Partial<ProvisionRequest> = {}) {
    return provisionBoard(await openBoardPort(to.address), {
      device: 'd',
      folder,
      identity,
      namespace: 'tls',
      ...request,
    });
  }

  function entries(image: Uint8Array, withKeys?: Uint8Array): Record<string, string> {
    let namespace = '';
    const found: Record<string, string> = {};
    for (const row of readNvsImage(image, withKeys && nvsCipher(withKeys)).rows)
      if (row.kind === 'namespace') namespace = row.key;
      else if (!namespace.startsWith('(') && row.value.kind !== 'integer')
        found[`${namespace}/${row.key}`] = new TextDecoder().decode(row.value.bytes);
    return found;
  }
  const wanted = () => ({
    'tls/root_ca': identity.ca,
    'tls/device_cert': identity.device,
    'tls/device_key': identity.deviceKey,
  });

  it('makes the keys of a board with a blank nvs_keys partition and writes NVS encrypted', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const target = await board(t, { partitions: [...demoPartitions, NVS_KEYS] });
    const result = await provision(target, folder);
    assert.equal(result.encrypted, true);
    const made = readNvsKeys(target.flash.read(NVS_KEYS.offset, NVS_KEYS.size));
    assert.deepEqual(entries(target.flash.read(NVS.offset, NVS.size), made), wanted());
    assert.ok(!Buffer.from(target.flash.read(NVS.offset, NVS.size)).includes('BEGIN'));
    assert.match(result.warnings.join(), /its keys lie readable in the nvs_keys partition/);
  });

  it('reads an encrypted NVS with the keys on the board, or with those of a file, and keeps the rest', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const data = buildNvsImage(wifi, NVS.size, { cipher: nvsCipher(keys) });
    const own = await board(t, {
      partitions: [...demoPartitions, NVS_KEYS],
      flash: [
        { at: NVS.offset, data },
        { at: NVS_KEYS.offset, data: makeNvsKeyPartition(keys) },
      ],
    });
    assert.equal((await provision(own, folder)).kept, 1);
    const expected = { 'nvs.net80211/sta.ssid': 'home', ...wanted() };
    assert.deepEqual(entries(own.flash.read(NVS.offset, NVS.size), keys), expected);
    const held = await board(t, { flash: [{ at: NVS.offset, data }] });
    await provision(held, folder, { nvsKeys: keys });
    assert.deepEqual(entries(held.flash.read(NVS.offset, NVS.size), keys), expected);
  });

  it('a write that was called off before its first byte is not taken for one that was cut off', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const files = [{ path: 'settings.txt', bytes: new TextEncoder().encode('mine') }];
    const data = buildLittlefsImage(files, { size: STORAGE.size });
    const target = await board(t, { partitions: [...demoPartitions, STORAGE], flash: [{ at: STORAGE.offset, data }] });
    const beforeWrite = () => Promise.reject(new UserError('file-write', 'the disk is full'));
    await assert.rejects(provision(target, folder, { target: 'littlefs', beforeWrite }), /the disk is full/);
    const left = await readdir(join(folder, 'backups'));
    assert.deepEqual(
      left.filter((name) => name.includes('interrupted')),
      [],
    );
  });

  it('refuses keys that do not fit and writes nothing', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const data = buildNvsImage(wifi, NVS.size, { cipher: nvsCipher(keys) });
    const target = await board(t, { flash: [{ at: NVS.offset, data }] });
    const before = target.flash.read(0, target.flash.size);
    await assert.rejects(
      provision(target, folder, { nvsKeys: keys.map((byte) => byte ^ 1) }),
      (e) => e instanceof UserError && e.code === 'nvs-keys' && /not the ones it was written with/.test(e.message),
    );
    assert.deepEqual(target.flash.read(0, target.flash.size), before);
    assert.deepEqual(await readdir(folder), []);
  });

  it('takes esp_secure_cert where the table has it', async (t) => {
    const target = await board(t, { partitions: [...demoPartitions, SECURE_CERT] });
    const result = await provision(target, temporaryFolder('provision-targets'));
    assert.equal(result.partition.label, 'esp_secure_cert');
    const { entries: held, problems } = readSecureCertImage(
      target.flash.read(SECURE_CERT.offset, SECURE_CERT.size),
      sha256,
    );
    const types = held.map(({ type }) => secureCertTypeName(type)).join();
    assert.match(types, /CA_CERT.*DEV_CERT.*PRIV_KEY|CA.*DEV.*KEY/, types);
    assert.deepEqual(problems, []);
    assert.ok(target.flash.read(NVS.offset, NVS.size).every((byte) => byte === 0xff));
  });

  it('adds files to a LittleFS on request, keeps the others, and names what is missing', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const files = [
      { path: 'web/index.html', bytes: new TextEncoder().encode('<h1>'.repeat(2000)) },
      { path: 'ca.pem', bytes: new TextEncoder().encode('an old CA') },
    ];
    const data = buildLittlefsImage(files, { size: STORAGE.size });
    const target = await board(t, { partitions: [...demoPartitions, STORAGE], flash: [{ at: STORAGE.offset, data }] });
    const result = await provision(target, folder, { target: 'littlefs' });
    assert.equal(result.kept, 1);
    const found = readLittlefsImage(target.flash.read(STORAGE.offset, STORAGE.size)).files;
    assert.deepEqual(Object.fromEntries(found.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)])), {
      'web/index.html': '<h1>'.repeat(2000),
      'ca.pem': identity.ca,
      'device.pem': identity.device,
      'device.key': identity.deviceKey,
    });
    assert.deepEqual(new Uint8Array(await readFile(result.backup ?? '')), data);
    assert.equal((await stat(result.backup ?? '')).mode & 0o777, 0o600);
    assert.match(await readFile(join(folder, '.gitignore'), 'utf8'), /^\/backups\/$/m);
    await assert.rejects(
      provision(await board(t, {}), folder, { target: 'littlefs', reuse: true }),
      /has no LittleFS partition/,
    );
    await assert.rejects(
      provision(await board(t, {}), folder, { target: 'secure-cert', reuse: true }),
      /no partition "esp_secure_cert"/,
    );
    const other = { at: STORAGE.offset, data: new Uint8Array(STORAGE.size).fill(7) };
    const spiffs = await board(t, { partitions: [...demoPartitions, STORAGE], flash: [other] });
    await assert.rejects(provision(spiffs, folder, { target: 'littlefs', reuse: true }), /no LittleFS here/);
    assert.deepEqual(spiffs.flash.read(STORAGE.offset, STORAGE.size), other.data);
  });

  /** How many bytes had gone to the board each time the port was opened, and in the end. */
  async function measured(t: TestContext, extra: Extra, request: Partial<ProvisionRequest> = {}): Promise<number[]> {
    const target = await board(t, extra);
    const marks: number[] = [];
    const port = await openBoardPort(target.address);
    const open = port.open.bind(port);
    port.open = (baudRate) => {
      marks.push(target.passedBytes.toBoard);
      return open(baudRate);
    };
    const folder = temporaryFolder('provision-targets');
    await provisionBoard(port, { device: 'd', folder, identity, namespace: 'tls', ...request });
    return [...marks, target.passedBytes.toBoard];
  }

  it('leaves the old NVS or the new one when the board is unplugged while it is written, and says which', async (t) => {
    const data = buildNvsImage(wifi, NVS.size);
    const flash = [{ at: NVS.offset, data }];
    const before = entries(data);
    const after = { 'nvs.net80211/sta.ssid': 'home', ...wanted() };
    const [, , erasing = 0, end = 0] = await measured(t, { flash });
    const cuts = [2500, 2000, 1500, 1000, 600, 200].flatMap((back) => [erasing - back, end - back]);
    const seen = await Promise.all(
      cuts.map(async (afterBytes) => {
        const folder = temporaryFolder('provision-targets');
        const target = await board(t, { flash, faults: [{ kind: 'unplug', direction: 'toBoard', afterBytes }] });
        const error: unknown = await provision(target, folder).catch((e: unknown) => e);
        const now = entries(target.flash.read(NVS.offset, NVS.size));
        const isNew = now['tls/device_key'] === identity.deviceKey;
        assert.deepEqual(now, isNew ? after : before);
        assert.ok(error instanceof UserError, `cut at ${afterBytes}: ${error}`);
        assert.match(error.message, isNew ? /The new identity/i : /has what it had before|the board is as it was/);
        const again = await board(t, { flash: [{ at: 0, data: target.flash.read(0, target.flash.size) }] });
        await provision(again, folder);
        assert.deepEqual(entries(again.flash.read(NVS.offset, NVS.size)), after);
        return isNew;
      }),
    );
    assert.deepEqual([...new Set(seen)].sort(), [false, true]);
  });

  it('puts back what a cut-off write to a LittleFS destroyed', async (t) => {
    const folder = temporaryFolder('provision-targets');
    const page = randomBytes(20_000);
    const data = buildLittlefsImage([{ path: 'index.bin', bytes: page }], { size: STORAGE.size });
    const flash = [{ at: STORAGE.offset, data }];
    const partitions = [...demoPartitions, STORAGE];
    const marks = await measured(t, { partitions, flash }, { target: 'littlefs' });
    const faults = [{ kind: 'unplug', direction: 'toBoard', afterBytes: (marks.at(-1) ?? 0) - 2_000 } as const];
    const cut = await board(t, { partitions, flash, faults });
    const message = /only partly written\. What it held is in .*do it again and that is put back/;
    await assert.rejects(provision(cut, folder, { target: 'littlefs' }), message);
    assert.notDeepEqual(cut.flash.read(STORAGE.offset, STORAGE.size), data);
    const again = await board(t, { partitions, flash: [{ at: 0, data: cut.flash.read(0, cut.flash.size) }] });
    const result = await provision(again, folder, { target: 'littlefs' });
    assert.match(result.warnings.join(), /what the partition held before it was put back/);
    const found = readLittlefsImage(again.flash.read(STORAGE.offset, STORAGE.size)).files;
    assert.deepEqual(found.map(({ path }) => path).sort(), ['ca.pem', 'device.key', 'device.pem', 'index.bin']);
    assert.ok(!(await readdir(join(folder, 'backups'))).some((name) => name.includes('interrupted')));
  });
});
