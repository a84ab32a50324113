import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { comparesIpAddresses, proposeHost, warnAboutBrokerName } from '../../../src/core/firmware/brokerName';
import type { GeneralName } from '../../../src/core/x509/generalName';
import { readBrokerNames } from '../../../src/io/pki/identityFiles';
import { temporaryFolder } from '../../support/temporaryFolder';
import { issue } from '../../support/testAuthority';

const dns = (value: string): GeneralName => ({ type: 'dns', value });
const ip = (value: string): GeneralName => ({ type: 'ip', value, octets: new Uint8Array(4) });
const broker = (...names: GeneralName[]) => [{ file: 'broker.crt', names }];

test('a host in the certificate is fine, in any case and under a wildcard', () => {
  assert.equal(warnAboutBrokerName('Broker.local', broker(dns('broker.LOCAL')), false), undefined);
  assert.equal(warnAboutBrokerName('a.example.com', broker(dns('*.example.com')), false), undefined);
  assert.equal(warnAboutBrokerName('x', [], false), undefined, 'nothing is said where no certificate is known');
});

test('a host that is not in it is said before the board has to, with what would fit', () => {
  const warning = warnAboutBrokerName('b.a.example.com', broker(dns('*.example.com'), dns('other')), true);
  assert.match(warning ?? '', /not good for "b\.a\.example\.com".*-0x2700.*\*\.example\.com, other/);
});

test('a certificate without alternative names is good for its CN, as the board has it', async () => {
  const [noSan] = await readBrokerNames(await cnOnlyFolder());
  assert.equal(warnAboutBrokerName('mqtt.local', noSan ? [noSan] : [], true), undefined);
  assert.match(warnAboutBrokerName('other', noSan ? [noSan] : [], true) ?? '', /It is good for: mqtt\.local\./);
});

async function cnOnlyFolder(): Promise<string> {
  const folder = temporaryFolder('cn-only');
  await mkdir(join(folder, 'broker'));
  await writeFile(join(folder, 'broker/old.crt'), (await issue({ cn: 'mqtt.local' })).pem);
  return folder;
}

test('an IP address counts as DNS name only, where the board compares no addresses', () => {
  assert.match(warnAboutBrokerName('10.0.0.2', broker(ip('10.0.0.2')), false) ?? '', /compares DNS names only/);
  assert.equal(warnAboutBrokerName('10.0.0.2', broker(ip('10.0.0.2')), true), undefined);
  assert.equal(warnAboutBrokerName('10.0.0.2', broker(dns('10.0.0.2')), false), undefined);
  assert.equal(comparesIpAddresses('esp8266'), false);
  assert.equal(comparesIpAddresses('esp32'), true);
});

test('the proposed host is one that another machine can reach', () => {
  assert.equal(proposeHost(broker(dns('localhost'), ip('127.0.0.1'), ip('10.0.0.2'), dns('pi.local'))), 'pi.local');
  assert.equal(proposeHost(broker(dns('localhost'), ip('10.0.0.2'))), '10.0.0.2');
  assert.equal(proposeHost(broker(dns('localhost'))), 'localhost');
  assert.equal(proposeHost([]), undefined);
});
