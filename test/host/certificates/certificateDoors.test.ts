// Every certificate command beyond Generate Certificates…, from the palette, in a fake VS Code with a scripted person.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as vscode from 'vscode';
import { activate } from '../../../src/extension';
import { inspectFile } from '../../../src/io/pki/inspectFile';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

const PASSPHRASE = 'correct horse';

describe('the certificate commands', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  const run = (id: string, argument?: object) => fake.commands.get(`secureIot.${id}`)?.(argument) as Promise<any>;
  const inCerts = (file: string) => join(folder, 'certs', file);
  const read = (file: string) => readFileSync(inCerts(file), 'utf8');
  const shownPage = async (): Promise<string> => {
    const { args } = fake.ran.filter(({ id }) => id === 'markdown.showPreview').at(-1) ?? { args: [] };
    return (await vscode.workspace.openTextDocument(args[0] as vscode.Uri)).getText();
  };

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('certificate-doors');
    fake.secrets.clear();
    fake.ran.length = 0;
    fake.open(folder);
    const answers = {
      caName: 'Workshop CA',
      passphrase: PASSPHRASE,
      brokerNames: ['localhost'],
      deviceName: 'board-1',
    };
    await run('generateCertificates', answers);
    person = fake.open(folder);
  });

  it('makes an intermediate authority, which is then offered wherever one signs', async () => {
    person
      .accepts(/^Issue Intermediate Authority: name/)
      .answers(/permitted names/, 'exa mple')
      .answers(/permitted names/, 'example.com')
      .accepts(/passphrase/);
    await run('issueIntermediate');
    await person.sees(/Made intermediates\/Factory-CA\.crt\. What it signs carries its certificate along/);
    person.answers(/^Issue Operator Certificate: name/, 'alice').answers(/who signs/, 'Factory CA');
    await run('issueOperator');
    await person.sees(/Made operators\/alice\.crt/);
    person.wasAskedEverything();
    assert.match(new X509Certificate(read('operators/alice.crt')).issuer, /Factory CA/);
    assert.equal(read('operators/alice.crt').match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.ok(!person.prompts.some(({ password }) => password)); // both passphrases are in the secret storage
  });

  it('makes the keys that the settings say, and refuses what the boards cannot verify', async () => {
    const settings = vscode.workspace.getConfiguration('secureIot.certificates');
    await settings.update('keyType', 'ecdsa-p384');
    person.accepts(/^Issue Operator Certificate: name/);
    await run('issueOperator');
    await person.sees(/Made operators\/operator-1\.crt/);
    const { asymmetricKeyDetails } = new X509Certificate(read('operators/operator-1.crt')).publicKey;
    assert.equal(asymmetricKeyDetails?.namedCurve, 'secp384r1');
    await settings.update('boardStack', 'bearssl-basic');
    await run('issueFleet', { pattern: 'dev-{1}', count: 2, passphrase: PASSPHRASE });
    await person.sees(
      /"Basic SSL ciphers" \(ESP8266\) cannot use a certificate with an ECDSA P-384 key\. Choose RSA 2048/,
    );
    assert.ok(!existsSync(inCerts('devices/dev-1.crt')));
    for (const key of ['keyType', 'boardStack']) await settings.update(key, undefined);
  });

  it('makes a signing request, and signs one', async () => {
    person.answers(/^Make Signing Request: name/, 'board-2');
    person.answers(/host names/, 'mqtt://x').answers(/host names/, 'mqtt.example.com, 10.0.0.1');
    person.press(/signing request/, 'Show File');
    await run('makeSigningRequest');
    await person.sees(/Send only the \.csr file/);
    const [item] = await inspectFile(inCerts('requests/board-2.csr'));
    assert.equal(new Map(item?.facts).get('Names'), 'dns:mqtt.example.com, ip:10.0.0.1');
    person.chooses(inCerts('requests/board-2.csr')).answers(/what is it for/, 'Device');
    await run('signSigningRequest');
    await person.sees(/Made devices\/board-2\.crt\. The private key stays/);
    assert.match(new X509Certificate(read('devices/board-2.crt')).subject, /board-2/);
    assert.ok(!existsSync(inCerts('devices/board-2.key')));
  });

  it('refuses what is no signing request, by its name', async () => {
    person.chooses(inCerts('devices/board-1.crt')).answers(/what is it for/, 'Device');
    await run('signSigningRequest');
    const { kind } = await person.sees(/board-1\.crt: There is no "-----BEGIN CERTIFICATE REQUEST-----"/);
    assert.equal(kind, 'error');
  });

  it('exports an identity in each form; the passphrase of a PKCS#12 file must be long enough', async (t) => {
    for (const label of ['PEM', 'DER', 'C header', 'ESP-IDF files']) {
      person.answers(/^Export Certificate/, 'board-1').answers(/^Export "board-1" as/, label);
      await run('exportCertificate');
    }
    person
      .answers(/^Export Certificate/, 'board-1')
      .answers(/^Export "board-1" as/, 'PKCS#12')
      .answers(/PKCS#12/, 'short')
      .answers(/PKCS#12/, 'long enough');
    await run('exportCertificate');
    await person.sees(/Exported certs\/export\/board-1\/board-1\.p12\. Git ignores/);
    person.wasAskedEverything();
    const files = readdirSync(inCerts('export/board-1')).sort();
    assert.ok(
      ['board-1.der', 'board-1.p12', 'ca.pem', 'client.crt', 'identity.h'].every((f) => files.includes(f)),
      `${files}`,
    );
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const words = ['pkcs12', '-in', inCerts('export/board-1/board-1.p12'), '-passin', 'pass:long enough', '-nokeys'];
    assert.match(execFileSync(openssl, words, { encoding: 'utf8', stdio: 'pipe' }), /board-1/);
  });

  it('writes the manifest where the person says, without secrets', async () => {
    person.answers(/manifest/, 'CSV').chooses(join(folder, 'fleet.csv'));
    await run('exportManifest');
    await person.sees(/Wrote fleet\.csv/);
    const text = readFileSync(join(folder, 'fleet.csv'), 'utf8');
    assert.match(text, /board-1/);
    assert.doesNotMatch(text, /PRIVATE KEY/);
  });

  it('issues a fleet from a CSV file; a duplicate row is refused with its line', async () => {
    const csv = join(folder, 'names.csv');
    writeFileSync(csv, 'name\nfleet-1\nfleet-2\n');
    person.chooses(csv);
    await run('issueFleetFromCsv');
    await person.sees(/Issued 2 device certificates/, 20_000);
    writeFileSync(csv, 'name\nfleet-3\nfleet-3\n');
    person.chooses(csv);
    await run('issueFleetFromCsv');
    await person.sees(/names\.csv.*fleet-3/s);
    assert.ok(existsSync(inCerts('devices/fleet-2.key')) && !existsSync(inCerts('devices/fleet-3.crt')));
  });

  it('writes the revocation list anew', async () => {
    await run('updateRevocationList');
    await person.sees(/Wrote ca\/ca\.crl with 0 revoked certificates/);
    assert.match(read('ca/ca.crl'), /BEGIN X509 CRL/);
  });

  it('verifies a broker as OpenSSL and as each board would', async () => {
    await run('verifyCertificate', vscode.Uri.file(inCerts('broker/localhost.crt')));
    const page = await shownPage();
    assert.match(page, /^# ✓ localhost\.crt/);
    assert.match(page, /localhost ← Workshop CA/);
    assert.match(page, /\| BearSSL \(ESP8266\) \| ✓ accepts it/);
  });

  it('asks which file to verify under its own title where none is meant', async () => {
    person.chooses(inCerts('broker/localhost.crt'));
    await run('verifyCertificate');
    assert.match(await shownPage(), /^# ✓ localhost\.crt/);
    assert.deepEqual(person.dialogTitles, ['Verify Certificate']);
  });

  it('opens any certificate file as a readable page, PKCS#12 with its passphrase, verified and its chain drawn', async () => {
    const open = async (file: string): Promise<string> => {
      const uri = vscode.Uri.file(inCerts(file));
      const panel = { webview: { options: {}, html: '' }, onDidDispose: () => {} };
      const editor = fake.editors.get('secureIot.certificate');
      await editor.resolveCustomEditor(await editor.openCustomDocument(uri), panel);
      assert.deepEqual(panel.webview.options, { enableScripts: false, localResourceRoots: [] });
      return panel.webview.html;
    };
    const broker = await open('broker/localhost.crt');
    assert.match(broker, /Verifies: brokers, Node and OpenSSL accept it/);
    assert.match(broker, /class="box"><b>Workshop CA<\/b>.*class="box"><b>localhost<\/b>/);
    assert.match(broker, /accepts it/);
    person.answers(/Export "board-1" as/, 'PKCS#12').answers(/PKCS#12/, 'open sesame');
    await run('exportCertificate', { target: 'board-1' });
    await person.sees(/Exported/);
    person.answers(/Passphrase of board-1\.p12/, 'wrong').answers(/Passphrase of board-1\.p12/, 'open sesame');
    assert.match(await open('export/board-1/board-1.p12'), /The key in the file is its key/);
    writeFileSync(inCerts('broken.crt'), read('broker/localhost.crt').replace(/\n/g, ' '));
    assert.match(await open('broken.crt'), /class="bad">.*broken\.crt: .*damaged in line 1/);
    await run('inspectCertificate', vscode.Uri.file(inCerts('ca/ca.crt')));
    assert.deepEqual(fake.ran.at(-1)?.args.slice(1), ['secureIot.certificate']);
  });

  it('writes what registers the devices at a cloud', async () => {
    person.answers(/Export the manifest as/, 'AWS IoT Core');
    await run('exportManifest');
    await person.sees(/Wrote 4 files for 1 devices to certs\/export\/aws-iot\. Next: aws iot create-policy/);
    assert.equal(JSON.parse(read('export/aws-iot/things.jsonl')).ThingName, 'board-1');
  });

  it('rehearses a day, and refuses what is no date while it is typed', async () => {
    person.answers(/^Rehearse Expiry: which day/, '2099-02-31').answers(/^Rehearse Expiry: which day/, '2099-01-01');
    await run('rehearseExpiry');
    const page = await shownPage();
    assert.match(page, /^# What breaks by 2099-01-01/);
    assert.match(page, /## board-1 \(device\)/);
  });

  it('takes over an authority made elsewhere, its key encrypted or not', async (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const elsewhere = temporaryFolder('certificate-doors-ca');
    const [certificate, key] = [join(elsewhere, 'old.crt'), join(elsewhere, 'old.key')];
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-subj', '/CN=Firm Root', '-passout', 'pass:old secret'];
    execFileSync(openssl, [...words, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    folder = temporaryFolder('certificate-doors');
    person = fake.open(folder).chooses(certificate).chooses(key);
    person.answers(/Passphrase of .*old\.key/, 'old secret').accepts(/passphrase of the authority's key/);
    await run('importAuthority');
    await person.sees(/Took over "Firm Root"/);
    assert.match(read('ca/ca.key'), /BEGIN ENCRYPTED PRIVATE KEY/);
    assert.ok(!JSON.stringify([person.notices, fake.log]).includes('old secret'));
    await run('importAuthority');
    await person.sees(/exists already/);
  });

  it('shows nothing in an editor that was closed, nor an older page over a newer one', async () => {
    let closed: () => void = () => {};
    const pages: string[] = [];
    let disposed = false;
    const webview = {
      options: {},
      set html(page: string) {
        if (disposed) throw new Error('Webview is disposed');
        pages.push(page);
      },
    };
    const onDidDispose = (listener: () => void) => {
      closed = listener;
    };
    const editor = fake.editors.get('secureIot.certificate');
    const document = await editor.openCustomDocument(vscode.Uri.file(inCerts('ca/ca.crt')));
    const shown = editor.resolveCustomEditor(document, { webview, onDidDispose });
    disposed = true;
    closed();
    await shown;
    assert.deepEqual(pages, []);
  });
});
