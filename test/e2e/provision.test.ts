// Provision Device… in a real VS Code: a board whose firmware reads its identity from NVS gets one, and is seen at the
// local broker under its own name.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { secureIot } from '../../scripts/demoWorkspace.mjs';
import { readNvsImage } from '../../src/core/firmware/nvsReader';
import { buildDemoFlashFiles, buildDemoImage } from '../virtualBoard/demoImage';
import { openSession, type Session } from './support/session';

const DEVICE = 'board-7';

describe('Provision Device… in VS Code 1.139', { timeout: 240_000 }, () => {
  let session: Session;

  before(async () => {
    session = await openSession('current');
    const dir = ['--dir', join(session.workspace, 'certs')];
    secureIot(['certs', 'ca', '--cn', 'Workshop CA', ...dir]);
    secureIot(['certs', 'broker', '--cn', 'localhost', '--dns', 'localhost', ...dir]);
    secureIot(['certs', 'device', '--cn', DEVICE, ...dir]);
    const firmware = buildDemoImage(
      {
        host: 'localhost',
        port: session.brokerPort,
        deviceId: DEVICE,
        ca: null,
        cert: null,
        key: null,
        insecure: false,
        platform: 'arduino-esp32',
        nvsNamespace: 'tls',
      },
      { codeBytes: 4096 },
    );
    for (const file of buildDemoFlashFiles(firmware)) session.board.flash.preload(file.offset, file.data);
    session.board.reset();
  });
  after(() => session?.close());

  it('writes the identity and waits until the device is at the broker', async () => {
    const { workbench, board } = session;
    await workbench.command('Start Local TLS Broker');
    await workbench.notification(/broker/i);
    await workbench.dismissNotifications();
    await workbench.command('Provision Device…');
    await workbench.answer(/The device that the board becomes/);
    await workbench.notification(/is now "board-7".*connected to the local broker/, 90_000);
    await workbench.screenshot('provision-device');
    assert.ok(Buffer.from(board.flash.read(0x9000, 0x6000)).includes('device_key'));
  });

  it('builds an NVS image from a CSV of the workspace', async () => {
    const { workbench, workspace } = session;
    const csv = 'key,type,encoding,value\nwifi,namespace,,\nssid,data,string,workshop\n';
    await writeFile(join(workspace, 'settings.csv'), csv);
    await workbench.dismissNotifications();
    await workbench.command('Build NVS Image…');
    await workbench.answer(/CSV/);
    await workbench.answer(/Size of the NVS partition/);
    await workbench.notification(/Wrote settings\.bin: 24576 bytes/);
    const { rows } = readNvsImage(await readFile(join(workspace, 'settings.bin')));
    assert.deepEqual(
      rows.map((row) => row.key),
      ['wifi', 'ssid'],
    );
  });
});
