import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SECURE_IOT } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet } from '../support/testAuthority';
import { findTool } from '../support/tools';

function run(program: string, args: readonly string[], cwd?: string): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: cwd ?? process.cwd() }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    );
  });
}
const settings = (...args: readonly string[]) => run(process.execPath, [...SECURE_IOT, 'broker-settings', ...args]);

async function certificates(): Promise<string> {
  const base = temporaryFolder('secure-iot-settings');
  const set = await goodSet();
  for (const folder of ['ca', 'broker', 'devices']) await mkdir(join(base, 'certs', folder), { recursive: true });
  await writeFile(join(base, 'certs/ca/ca.crt'), set.ca.pem);
  await writeFile(join(base, 'certs/broker/hall.crt'), set.broker.pem);
  await writeFile(join(base, 'certs/broker/hall.key'), set.broker.keyPem);
  await writeFile(join(base, 'certs/devices/lamp.crt'), set.device.pem);
  return base;
}

describe('secure-iot broker-settings', () => {
  it('names the files of this workspace and opens no plain port', async () => {
    const dir = join(await certificates(), 'certs');
    const emqx = await settings('emqx', '--dir', dir, '--port', '8884');
    assert.match(emqx.stdout, /certfile = "\/etc\/emqx\/certs\/hall\.crt"/);
    assert.match(emqx.stdout, /bind = "0\.0\.0\.0:8884"/);
    assert.match(emqx.stdout, /listeners\.tcp\.default\.enable = false/);
    assert.match(emqx.stdout, /\["devices\/\$\{username\}\/#"\]/);
    assert.doesNotMatch((await settings('hivemq', '--dir', dir)).stdout, /<tcp-listener>\n/);
  });

  it('writes a policy for AWS that is JSON, by common name', async () => {
    const { stdout } = await settings('aws', '--dir', join(await certificates(), 'certs'));
    const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(stdout)?.[1] ?? '');
    assert.match(
      policy.Statement[0].Resource,
      /^arn:aws:iot:\*:\*:client\/\$\{iot:Certificate\.Subject\.CommonName\}$/,
    );
    assert.match(stdout, /certs\/devices\/lamp\.crt/);
  });

  it('makes key stores for HiveMQ with the commands as they are printed', async (t) => {
    if (!findTool('openssl') || !findTool('keytool')) return t.skip('no openssl or keytool');
    const base = await certificates();
    const { stdout } = await settings('hivemq', '--dir', join(base, 'certs'));
    const commands = (/```sh\n([\s\S]*?)```/.exec(stdout)?.[1] ?? '').trim().split('\n');
    assert.equal(commands.length, 2);
    const [openssl = '', keytool = ''] = commands;
    const made = await run('sh', ['-c', `${openssl} -passout pass:changeit && ${keytool} -storepass changeit`], base);
    assert.equal(made.code, 0, made.stdout);
    const list = await run('keytool', ['-list', '-keystore', 'trust.p12', '-storepass', 'changeit'], base);
    assert.match(list.stdout, /trustedCertEntry/);
    return undefined;
  });

  it('says what it knows', async () => {
    assert.equal((await settings()).code, 2);
    assert.equal((await settings('nanomq')).code, 2);
    assert.equal((await settings('emqx', '--port', '0')).code, 2);
  });
});
