import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { encode } from 'uqr';
import { labelPage, labelText } from '../../../src/core/firmware/labelPage';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { makeLabelPage } from '../../../src/io/provisioning/boardLabels';
import { recordProvisioned } from '../../../src/io/provisioning/provisionLedger';
import { testPki } from '../../support/pki';

test('a label says what the board is now, with the fingerprint that the certificate has', async () => {
  const { store, authority } = await testPki();
  for (const commonName of ['one', 'two']) await issueDevice(store, authority, { commonName });
  const at = { time: '2026-01-01T00:00:00Z', chip: 'ESP32' };
  await assert.rejects(makeLabelPage(store.folder), /nothing to label/);
  for (const [mac, device] of [
    ['aa', 'one'],
    ['bb', 'one'],
    ['aa', 'two'],
  ] as const)
    await recordProvisioned(store.folder, { ...at, mac, device });
  const { html, count } = await makeLabelPage(store.folder);
  assert.equal(count, 2);
  const certificate = new X509Certificate(await readFile(join(store.folder, 'devices', 'two.crt')));
  const digits = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  assert.ok(html.includes(`<b>two</b>\n<span>aa</span>\n<code>${digits.slice(0, 4)} ${digits.slice(4, 8)}`));
  assert.doesNotMatch(html, /https?:\/\/(?!www\.w3\.org)|<script|<link/, 'needs nothing from elsewhere');
  // every dark module of the code is drawn
  const { data } = encode(labelText({ device: 'two', mac: 'aa', fingerprint: digits }), { border: 1, ecc: 'M' });
  const dark = data.flat().filter(Boolean).length;
  const path = [...html.matchAll(/<svg.*?<\/svg>/gs)][0]?.[0].match(/M\d+/g)?.length;
  assert.equal(path, dark);
  await rm(join(store.folder, 'devices', 'two.crt'));
  await assert.rejects(makeLabelPage(store.folder), /two\.crt, the certificate of "two", cannot be read/);
});

test('a name is text on the page, whatever it is', () => {
  const html = labelPage([{ device: '<img src=x>&"', mac: '1', fingerprint: '00' }], () => '<svg/>');
  assert.ok(html.includes('<b>&lt;img src=x&gt;&amp;&quot;</b>'));
  assert.doesNotMatch(html, /<img/);
});

test('a name as long as a common name may be is printed smaller', () => {
  const page = (device: string) => labelPage([{ device, mac: '1', fingerprint: '00' }], () => '<svg/>');
  assert.match(page('x'.repeat(64)), /<b class="long">x{64}<\/b>/);
  assert.match(page('esp32-device-001'), /<b>esp32-device-001<\/b>/);
});
