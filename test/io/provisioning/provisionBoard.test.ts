import assert from 'node:assert/strict';
import { before, describe, it, type TestContext } from 'node:test';
import { UserError } from '../../../src/core/errors';
import type { NvsRow, NvsValue } from '../../../src/core/firmware/nvsFormat';
import { buildNvsImage } from '../../../src/core/firmware/nvsImage';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import type { DeviceIdentity } from '../../../src/io/pki/identityFiles';
import { nvsCipher } from '../../../src/io/provisioning/nvsCipher';
import { provisionBoard } from '../../../src/io/provisioning/provisionBoard';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { startMosquitto } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';
import { buildDemoFlashFiles, buildDemoImage } from '../../virtualBoard/demoImage';
import { VirtualBoard, type VirtualBoardOptions } from '../../virtualBoard/virtualBoard';

const NVS_OFFSET = 0x9000;
const NVS_SIZE = 0x6000;
const string = (text: string): NvsValue => ({ kind: 'string', bytes: new TextEncoder().encode(text) });
const wifi: readonly NvsRow[] = [
  { kind: 'namespace', key: 'nvs.net80211' },
  { kind: 'entry', key: 'sta.ssid', value: string('home') },
  { kind: 'namespace', key: 'tls' },
  { kind: 'entry', key: 'root_ca', value: string('an old CA') },
  { kind: 'entry', key: 'boots', value: { kind: 'integer', type: 'u32', value: 7n } },
];

describe('provisioning a board', { concurrency: true }, () => {
  let identity: DeviceIdentity;
  let folder = '';
  before(async () => {
    folder = temporaryFolder('provision');
    const { ca, device } = await goodSet();
    identity = { ca: ca.pem, device: device.pem, deviceKey: device.keyPem, warnings: [] };
  });

  async function board(t: TestContext, nvs: Uint8Array | undefined, options: Partial<VirtualBoardOptions> = {}) {
    const preload = nvs ? [{ offset: NVS_OFFSET, name: 'nvs', data: nvs }] : [];
    const made = await VirtualBoard.start({ port: 0, factory: true, preload, ...options });
    t.after(() => made.close());
    return made;
  }

  const provision = async (to: VirtualBoard, partition?: string) =>
    provisionBoard(await openBoardPort(to.address), { device: 'd', folder, identity, namespace: 'tls', partition });

  const entriesOf = (of: VirtualBoard) => {
    let namespace = '';
    const found = new Map<string, string>();
    for (const row of readNvsImage(of.flash.read(NVS_OFFSET, NVS_SIZE)).rows) {
      if (row.kind === 'namespace') namespace = row.key;
      else
        found.set(
          `${namespace}/${row.key}`,
          row.value.kind === 'integer' ? String(row.value.value) : new TextDecoder().decode(row.value.bytes),
        );
    }
    return found;
  };

  it('writes CA, certificate and key into an empty NVS, and nothing else of the flash', async (t) => {
    const target = await board(t, undefined);
    const before = target.flash.read(0, target.flash.size);
    const result = await provision(target);
    assert.equal(result.mac, '24:6f:28:c0:1d:db');
    assert.equal(result.partition.label, 'nvs');
    assert.match(result.warnings.join(), /private key lies readable/);
    assert.deepEqual(Object.fromEntries(entriesOf(target)), {
      'tls/root_ca': identity.ca,
      'tls/device_cert': identity.device,
      'tls/device_key': identity.deviceKey,
    });
    const after = target.flash.read(0, target.flash.size);
    assert.deepEqual(after.subarray(0, NVS_OFFSET), before.subarray(0, NVS_OFFSET));
    assert.deepEqual(after.subarray(NVS_OFFSET + NVS_SIZE), before.subarray(NVS_OFFSET + NVS_SIZE));
  });

  it('keeps Wi-Fi credentials and counters, and replaces the old CA', async (t) => {
    const target = await board(t, buildNvsImage(wifi, NVS_SIZE));
    const { kept } = await provision(target);
    assert.equal(kept, 2);
    const entries = entriesOf(target);
    assert.equal(entries.get('nvs.net80211/sta.ssid'), 'home');
    assert.equal(entries.get('tls/boots'), '7');
    assert.equal(entries.get('tls/root_ca'), identity.ca);
  });

  it('refuses an encrypted NVS and a board without a partition table, and writes nothing', async (t) => {
    const keys = Uint8Array.from({ length: 64 }, (_, i) => i);
    const encrypted = buildNvsImage(wifi, NVS_SIZE, { cipher: nvsCipher(keys) });
    const locked = await board(t, encrypted);
    await assert.rejects(provision(locked), (e) => e instanceof UserError && e.code === 'nvs-encrypted');
    assert.deepEqual(locked.flash.read(NVS_OFFSET, NVS_SIZE), encrypted);
    const blank = await board(t, undefined, { factory: false });
    await assert.rejects(provision(blank), (e) => e instanceof UserError && e.code === 'partition-table-missing');
    assert.ok(blank.flash.bytes.every((byte) => byte === 0xff));
  });

  it('says that a board with flash encryption does not take an identity by cable, and writes nothing', async (t) => {
    const locked = await board(t, undefined, { burnt: { flashEncryption: true } });
    const before = locked.flash.read(0, locked.flash.size);
    await assert.rejects(provision(locked), { code: 'flash-encrypted', message: /must come from its own firmware/ });
    assert.deepEqual(locked.flash.read(0, locked.flash.size), before);
  });

  it('names the partitions there are when the wanted one is missing', async (t) => {
    await assert.rejects(provision(await board(t, undefined), 'secrets'), /no NVS partition "secrets"; it has "nvs"/);
  });

  it('makes a board whose firmware reads NVS connect to the broker, with its own name', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const { ca, broker: server, device } = await goodSet();
    const broker = await startMosquitto({
      ca: ca.pem,
      certificate: server.pem,
      key: server.keyPem,
      requireCertificate: true,
    });
    t.after(() => broker.stop());
    const config = { host: 'localhost', port: broker.port, deviceId: 'b', ca: null, cert: null, key: null } as const;
    const app = buildDemoImage(
      { ...config, insecure: false, platform: 'arduino-esp32', nvsNamespace: 'tls' },
      { codeBytes: 4096 },
    );
    const target = await board(t, undefined, { preload: buildDemoFlashFiles(app) });
    await provisionBoard(await openBoardPort(target.address), {
      device: 'esp32-device-001',
      folder,
      identity: { ca: ca.pem, device: device.pem, deviceKey: device.keyPem, warnings: [] },
      namespace: 'tls',
    });
    await broker.logShows(/u'esp32-device-001'/);
  });
});
