import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFirmwareOptions } from '../../../src/io/decode/projectFirmware';
import { temporaryFolder } from '../../support/temporaryFolder';

test('takes the only project, or the one that is edited, and guesses nothing otherwise', async () => {
  const root = temporaryFolder('firmware');
  assert.deepEqual(await readFirmwareOptions([root]), {});
  const project = async (name: string, platform: string): Promise<string> => {
    await mkdir(join(root, name));
    await writeFile(
      join(root, name, 'platformio.ini'),
      `[env:a]\nplatform = ${platform}\nboard = x\nframework = arduino\n`,
    );
    return join(root, name);
  };
  const first = await project('first', 'espressif8266');
  assert.equal((await readFirmwareOptions([root])).platform, 'esp8266');
  await project('second', 'espressif32@6.9.0');
  assert.deepEqual(await readFirmwareOptions([root]), {});
  assert.equal((await readFirmwareOptions([root], join(first, 'main.cpp'))).platform, 'esp8266');
  assert.equal((await readFirmwareOptions([root], join(root, 'second', 'main.cpp'))).mbedtls, '2.28');
  assert.deepEqual(await readFirmwareOptions([join(root, 'nowhere')]), {});
});
