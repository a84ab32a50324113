// Twenty-odd boards in turn at one socket, as on a bench: one is unplugged midway, one comes back, the run is stopped.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../../src/core/errors';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { readProvisioned } from '../../../src/io/provisioning/provisionLedger';
import { type QueueEvent, runProvisionQueue } from '../../../src/io/provisioning/provisionQueue';
import { readStarted, recordStarted } from '../../../src/io/provisioning/provisionStarted';
import { watchArrivals } from '../../../src/io/serial/boardArrivals';
import { freePort } from '../../support/mosquitto';
import { testPki } from '../../support/pki';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const BOARDS = 22;
/** The third board loses its cable while its NVS is written. */
const CUT = 2;
/** A person needs longer to put the next board in. */
const SWAP_MS = 150;
const mac = (n: number) => `24:6f:28:00:00:${n.toString(16).padStart(2, '0')}`;

async function devicesOf(count: number) {
  const { store, authority } = await testPki();
  const devices = Array.from({ length: count }, (_, n) => `sensor-${n + 1}`);
  for (const device of devices) await issueDevice(store, authority, { commonName: device });
  return { folder: store.folder, devices };
}

/** What the certificate on a board says it is. */
function commonName(board: VirtualBoard): string | undefined {
  const { rows } = readNvsImage(board.flash.read(0x9000, 0x6000));
  const row = rows.find((one) => one.key === 'device_cert');
  if (row?.kind !== 'entry' || row.value.kind !== 'string') return undefined;
  return /CN=(.*)/.exec(new X509Certificate(Buffer.from(row.value.bytes)).subject)?.[1];
}

describe('a provisioning queue', { timeout: 240_000 }, () => {
  it(`gives ${BOARDS} boards ${BOARDS} devices, whatever happens to the boards and to the run`, async (t) => {
    const { folder, devices } = await devicesOf(BOARDS);
    const port = await freePort();
    const flashes = new Map<number, Uint8Array>();
    const names = new Map<number, string | undefined>();
    let plugged: { n: number; board: VirtualBoard } | undefined;
    const plug = async (n: number, afterBytes?: number) => {
      const preload = flashes.has(n) ? [{ offset: 0, name: 'flash', data: flashes.get(n) ?? new Uint8Array() }] : [];
      const faults = afterBytes ? [{ kind: 'unplug', direction: 'toBoard', afterBytes } as const] : [];
      plugged = { n, board: await VirtualBoard.start({ port, factory: true, mac: mac(n), preload, faults }) };
    };
    const unplug = async () => {
      if (!plugged) return;
      const { n, board } = plugged;
      flashes.set(n, board.flash.read(0, board.flash.size));
      names.set(n, commonName(board));
      await board.close();
    };
    t.after(() => plugged?.board.close());

    // in this order: the interrupted board comes back after the next one, board 3 comes a second time
    const order = [0, 1, CUT, 3, CUT, 3, ...Array.from({ length: BOARDS }, (_, n) => n).slice(4)];
    const cutOf = (n: number, whole: number) => (n === CUT && !flashes.has(CUT) ? whole - 800 : undefined);
    const events: QueueEvent[] = [];
    let stop = new AbortController();
    let looksForBoards = () => {};
    const run = (at: { bytes: number }) =>
      runProvisionQueue(
        watchArrivals({ addresses: [`rfc2217://127.0.0.1:${port}`], pollMs: 20 }),
        { folder, devices, namespace: 'tls' },
        {
          signal: stop.signal,
          onEvent: (event) => {
            if (event.kind === 'waiting') looksForBoards();
            if (event.kind === 'waiting' || event.kind === 'working') return;
            // not before the queue looks: a disk that takes long for its records would hide the swap from it
            const looking = new Promise<void>((resolve) => (looksForBoards = resolve));
            events.push(event);
            if (events.length === 8) stop.abort(); // the window is closed
            const sent = plugged?.board.passedBytes.toBoard ?? 0;
            at.bytes = at.bytes || sent;
            const next = order.shift();
            void Promise.all([unplug(), looking])
              .then(() => delay(SWAP_MS))
              .then(() => (next === undefined ? undefined : plug(next, cutOf(next, at.bytes))));
          },
        },
      );
    const measured = { bytes: 0 };
    await plug(order.shift() ?? 0);
    const first = await run(measured);
    assert.ok(first.left.length > 10, 'stopped midway');
    stop = new AbortController();
    const second = await run(measured);
    assert.deepEqual(second.left, []);
    await unplug();

    const kinds = events.map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'failed').length, 1, JSON.stringify(events));
    assert.equal(kinds.filter((kind) => kind === 'known').length, 1);
    assert.equal(kinds.filter((kind) => kind === 'done').length, BOARDS);
    const held = Array.from({ length: BOARDS }, (_, n) => names.get(n));
    assert.deepEqual([...held].sort(), [...devices].sort(), 'each device is on one board');
    const ledger = await readProvisioned(folder);
    assert.deepEqual(
      ledger.map(({ mac: of, device }) => [of, device]).sort(),
      held.map((device, n) => [mac(n), device]).sort(),
    );
    const failed = events.find((event) => event.kind === 'failed');
    assert.ok(failed?.kind === 'failed');
    assert.equal(failed.device, names.get(CUT), 'the interrupted board got the device it was to have');
  });

  it('gives no other board the device of one that a kill interrupted', async (t) => {
    const { folder, devices } = await devicesOf(2);
    await recordStarted(folder, mac(7), 'sensor-1'); // and then the power went
    const board = await VirtualBoard.start({ port: 0, factory: true, mac: mac(8) });
    t.after(() => board.close());
    const stop = new AbortController();
    const result = await runProvisionQueue(
      watchArrivals({ addresses: [board.address], pollMs: 20 }),
      { folder, devices, namespace: 'tls' },
      { signal: stop.signal, onEvent: ({ kind }) => (kind === 'done' ? stop.abort() : undefined) },
    );
    assert.deepEqual(result, { done: ['sensor-2'], left: ['sensor-1'], interrupted: new Map([[mac(7), 'sensor-1']]) });
    assert.deepEqual(await readStarted(folder), new Map([[mac(7), 'sensor-1']]));
  });

  it('refuses a list with a device twice or without a certificate before it waits for boards', async () => {
    const { folder } = await devicesOf(1);
    const run = (devices: string[]) =>
      runProvisionQueue(
        watchArrivals({ addresses: ['socket://127.0.0.1:1'] }),
        { folder, devices, namespace: 'tls' },
        {
          signal: new AbortController().signal,
          onEvent: () => assert.fail('waits'),
        },
      );
    await assert.rejects(run(['sensor-1', 'sensor-1']), (e) => e instanceof UserError && e.code === 'device-twice');
    await assert.rejects(run(['sensor-1', 'sensor-2']), /sensor-2\.crt does not exist/);
  });

  it('goes on with the list when a board has no place for an identity', async (t) => {
    const { folder, devices } = await devicesOf(1);
    const board = await VirtualBoard.start({ port: 0, factory: false });
    t.after(() => board.close());
    const stop = new AbortController();
    const events: QueueEvent[] = [];
    const result = await runProvisionQueue(
      watchArrivals({ addresses: [board.address], pollMs: 20 }),
      { folder, devices, namespace: 'tls' },
      {
        signal: stop.signal,
        onEvent: (event) => {
          events.push(event);
          if (event.kind === 'failed') stop.abort();
        },
      },
    );
    assert.deepEqual([result.done, result.left, result.interrupted.size], [[], devices, 0]);
    const failed = events.find(({ kind }) => kind === 'failed');
    assert.match(failed?.kind === 'failed' ? failed.error.message : '', /partition table/);
    assert.match(await readFile(join(folder, 'provisioned.csv'), 'utf8').catch(() => 'none'), /none/);
  });

  it('shares its list with another run on the same folder: no device goes to two boards', async (t) => {
    const { folder, devices } = await devicesOf(4);
    const boards = await Promise.all(
      [0, 1, 2, 3].map((n) => VirtualBoard.start({ port: 0, factory: true, mac: mac(n) })),
    );
    t.after(() => Promise.all(boards.map((board) => board.close())));
    const stop = new AbortController();
    const run = (some: readonly VirtualBoard[]) =>
      runProvisionQueue(
        watchArrivals({ addresses: some.map(({ address }) => address), pollMs: 20 }),
        { folder, devices, namespace: 'tls' },
        { signal: stop.signal, onEvent: () => {} },
      );
    const results = await Promise.all([run(boards.slice(0, 2)), run(boards.slice(2))]);
    assert.deepEqual(results.flatMap(({ done }) => done).sort(), devices);
    assert.deepEqual(boards.map(commonName).sort(), devices);
    assert.deepEqual((await readProvisioned(folder)).map(({ device }) => device).sort(), devices);
  });
});
