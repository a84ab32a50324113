// VS Code's board commands on boards with flash encryption or Secure Boot: each refusal says why, nothing is written.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { URI } from 'vscode-uri';
import { activate } from '../../../src/extension';
import { firmwareImage } from '../../support/firmwareFiles';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import type { BurntFuses } from '../../virtualBoard/fuses';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const SIZE = 1024 * 1024;

describe('locked boards in VS Code', { timeout: 120_000 }, () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let board: VirtualBoard;
  const run = (id: string, options?: object) => fake.commands.get(`secureIot.${id}`)?.(options) as Promise<any>;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  afterEach(() => board.close());

  async function start(burnt: BurntFuses, chip = 'ESP32'): Promise<void> {
    board = await VirtualBoard.start({ port: 0, factory: true, flashSize: SIZE, burnt, chip });
    folder = temporaryFolder('locked-host');
    writeFileSync(join(folder, 'app.bin'), firmwareImage({ data: Buffer.alloc(3000, 3) }));
    writeFileSync(join(folder, 'table.csv'), 'nvs,data,nvs,0x9000,0x5000,\nfactory,app,factory,0x10000,512K,\n');
    person = fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
    fake.state.clear();
  }

  async function refuses(work: () => Promise<unknown>, why: RegExp): Promise<void> {
    const flash = board.flash.read(0, SIZE);
    await work();
    const { message, kind } = await person.sees(why);
    assert.equal(kind, 'error');
    assert.doesNotMatch(message, /bug in Secure IoT/);
    assert.deepEqual(board.flash.read(0, SIZE), flash);
  }

  const erase = () => {
    person.answers(/Which part/, 'Everything').press(/^Erase the whole flash/, 'Erase');
    return run('eraseFlash');
  };
  const writeTable = () => run('writePartitionTable', { uri: URI.file(join(folder, 'table.csv')) });

  it('does not put plain firmware or data on a board with flash encryption, nor erases it', async () => {
    await start({ flashEncryption: true });
    await refuses(() => run('flashBoard', { files: ['0x10000', 'app.bin'] }), /plain images would make it unbootable/);
    await refuses(erase, /flash encryption switched on; erasing/);
    await refuses(writeTable, /flash encryption switched on: another partition table/);
    await refuses(() => run('showPartitionTable'), /flash encryption switched on: by cable its partition table/);
  });

  it('backs up a board with flash encryption, says what that is worth, and does not offer to flash it back', async () => {
    await start({ flashEncryption: true });
    person.answers(/Which part/, 'Whole Flash').chooses(join(folder, 'all.bin'));
    assert.equal((await run('backUpFlash')).bytes, SIZE);
    const { message, buttons } = await person.sees(/read into all\.bin/);
    assert.match(message, /the copy is encrypted with a key that only its chip has/);
    assert.deepEqual(buttons, []);
  });

  it('puts only signed firmware on a board with Secure Boot, and leaves its bootloader and table alone', async () => {
    await start({ secureBoot: true });
    await refuses(() => run('flashBoard', { files: ['0x10000', 'app.bin'] }), /app\.bin has no signature/);
    await refuses(() => run('flashBoard', { files: ['0x1000', 'app.bin'] }), /bootloader with another signature/);
    await refuses(erase, /Secure Boot switched on; erasing/);
    await refuses(writeTable, /Secure Boot switched on: another partition table/);
  });

  it('shows the eFuses on the chip page, and says why where they cannot be read', async () => {
    const page = async () => {
      await run('showChipInfo');
      const [uri] = fake.ran.filter(({ id }) => id === 'markdown.showPreview').at(-1)?.args ?? [];
      return (await fake.documents.get(uri as any, () => uri as any)).getText();
    };
    await start({ flashEncryption: true, keyPurposes: [4, 0, 0, 0, 0, 0] }, 'ESP32-C3');
    const text = await page();
    assert.match(text, /^## eFuses\n\n\d+ of 85 fields are burnt\./m);
    assert.match(text, /^\| SPI_BOOT_CRYPT_CNT \| `1` \| Flash encryption is on/m);
    assert.match(text, /^\| KEY_PURPOSE_0 \| `XTS_AES_128_KEY` \| {2}\|$/m);
    assert.match(text, /^Not burnt: .*SECURE_BOOT_EN/m);
    await board.close();
    await start({ secureDownload: true }, 'ESP32-C3');
    assert.match(await page(), /^This board is in Secure Download Mode: its eFuses cannot be read by cable\.$/m);
  });
});
