import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCli } from '../support/cli';
import { runTool } from '../support/runTool';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet } from '../support/testAuthority';
import { findTool } from '../support/tools';

const settings = (...words: readonly string[]) => runCli(process.cwd(), ['broker-settings', ...words]);

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
    assert.match(emqx.out, /certfile = "\/etc\/emqx\/certs\/hall\.crt"/);
    assert.match(emqx.out, /bind = "0\.0\.0\.0:8884"/);
    assert.match(emqx.out, /listeners\.tcp\.default\.enable = false/);
    assert.match(emqx.out, /\["devices\/\$\{username\}\/#"\]/);
    assert.doesNotMatch((await settings('hivemq', '--dir', dir)).out, /<tcp-listener>\n/);
  });

  it('writes a policy for AWS that is JSON, by common name', async () => {
    const { out } = await settings('aws', '--dir', join(await certificates(), 'certs'));
    const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(out)?.[1] ?? '');
    assert.match(
      policy.Statement[0].Resource,
      /^arn:aws:iot:\*:\*:client\/\$\{iot:Certificate\.Subject\.CommonName\}$/,
    );
    assert.match(out, /certs\/devices\/lamp\.crt/);
  });

  it('makes key stores for HiveMQ with the commands as they are printed', async (t) => {
    if (!findTool('openssl') || !findTool('keytool')) return t.skip('no openssl or keytool');
    const base = await certificates();
    const { out } = await settings('hivemq', '--dir', join(base, 'certs'));
    const commands = (/```sh\n([\s\S]*?)```/.exec(out)?.[1] ?? '').trim().split('\n');
    assert.equal(commands.length, 2);
    const [openssl = '', keytool = ''] = commands;
    const made = await runTool('sh', ['-c', `${openssl} -passout pass:changeit && ${keytool} -storepass changeit`], {
      cwd: base,
    });
    assert.equal(made.code, 0, made.output);
    const list = await runTool('keytool', ['-list', '-keystore', 'trust.p12', '-storepass', 'changeit'], { cwd: base });
    assert.match(list.output, /trustedCertEntry/);
    return undefined;
  });

  it('says what it knows', async () => {
    assert.equal((await settings()).code, 2);
    assert.equal((await settings('nanomq')).code, 2);
    assert.equal((await settings('emqx', '--port', '0')).code, 2);
  });
});
