import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { boardTable } from '../../../src/core/tls/boardTable';
import { drawChain } from '../../../src/core/tls/chainDrawing';
import { EXPORT_FORMATS } from '../../../src/core/tls/probeExport';
import { probeText } from '../../../src/core/tls/probeMarkdown';
import type { ProbeReport } from '../../../src/core/tls/probeReport';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { healthyReport } from '../../support/probeReport';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';

let set: Awaited<ReturnType<typeof goodSet>>;
let middle: TestIdentity;
let leaf: TestIdentity;
before(async () => {
  set = await goodSet();
  middle = await issue({ cn: 'Issuing CA', issuer: set.ca, ca: true });
  leaf = await issue({ cn: 'localhost', issuer: middle, san: [{ type: 'dns', value: 'localhost' }] });
});

const boardsOf = (report: ProbeReport) => boardTable(report, [parseCertificate(set.ca.der)], verifySignature);
const untrusted: Partial<ProbeReport> = {
  trust: { authority: 'given', chainProblem: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', nameProblem: '' },
};

describe('the drawing of a chain', () => {
  it('goes from the root down to the broker', () => {
    const lines = drawChain(healthyReport([leaf, middle, set.ca])).map((line) => line.replace(/until .*\]/, '…]'));
    assert.match(lines[0] ?? '', /^CN=[^\]]+ {2}\[root, EC P-256, …\]$/);
    assert.deepEqual(lines.slice(1), [
      '└─ CN=Issuing CA  [intermediate, EC P-256, …]',
      '   └─ CN=localhost  [broker, EC P-256, …]',
    ]);
  });

  it('says what is above it and was not sent', () => {
    assert.match(drawChain(healthyReport([leaf, middle]))[0] ?? '', /\[trusted here, not sent\]$/);
    assert.match(drawChain(healthyReport([leaf], untrusted))[0] ?? '', /^CN=Issuing CA {2}\[not sent, and not trusted/);
  });

  it('shows a certificate that does not belong into the chain', async () => {
    const stray = await issue({ cn: 'Stray CA', ca: true });
    const lines = drawChain(healthyReport([leaf, stray]));
    assert.match(lines[1] ?? '', /^\?─ CN=localhost/);
    assert.match(lines[2] ?? '', /issued by CN=Issuing CA, which is not the one above/);
  });

  it('is there when nothing was sent', () => {
    assert.deepEqual(drawChain(healthyReport([])), ['(the broker sends no certificate)']);
  });
});

describe('SARIF of a TLS test', () => {
  const sarif = (changes: Partial<ProbeReport> = {}) => {
    const report = healthyReport([leaf], changes);
    return JSON.parse(EXPORT_FORMATS.sarif.write(report, boardsOf(report)));
  };

  it('has what SARIF 2.1.0 requires, and each result its rule', () => {
    const log = sarif(untrusted);
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    assert.equal(typeof run.tool.driver.name, 'string');
    assert.ok(run.results.length > 6);
    for (const result of run.results) {
      assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
      assert.ok(['error', 'warning', 'note', 'none'].includes(result.level));
      assert.ok(result.message.text.length > 10);
      assert.match(result.locations[0].physicalLocation.artifactLocation.uri, /^mqtts:\/\/localhost:8883$/);
    }
    const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('makes an error of what breaks trust, and warnings of the rest', () => {
    const [run] = sarif({ ...untrusted, plainPort: 1883 }).runs;
    const levels = Object.fromEntries(run.results.map((r: { ruleId: string; level: string }) => [r.ruleId, r.level]));
    assert.equal(levels['tls/trust'], 'error');
    assert.equal(levels['tls/plain-mqtt'], 'warning');
    assert.equal(levels['board/esp-idf-5-x'], 'warning');
  });

  it('has no result where nothing is wrong', async () => {
    const good = await issue({ cn: 'localhost', issuer: set.ca, san: [{ type: 'dns', value: 'localhost' }] });
    const report = healthyReport([good]);
    const log = JSON.parse(EXPORT_FORMATS.sarif.write(report, boardsOf(report)));
    assert.deepEqual(log.runs[0].results, []);
  });

  it('writes an IPv6 address as an URI has it', () => {
    const [run] = sarif({ ...untrusted, host: '::1' }).runs;
    assert.equal(run.results[0].locations[0].physicalLocation.artifactLocation.uri, 'mqtts://[::1]:8883');
  });
});

describe('Markdown, text and JSON of a TLS test', () => {
  it('has no empty column where every board works', async () => {
    const good = await issue({ cn: 'localhost', issuer: set.ca, san: [{ type: 'dns', value: 'localhost' }] });
    const report = healthyReport([good]);
    const markdown = EXPORT_FORMATS.markdown.write(report, boardsOf(report));
    assert.match(markdown, /^\| Board \| Verdict \| What to change \| Heap in the handshake \|$/m);
    assert.match(markdown, new RegExp(`chain that this broker sends has ${good.der.length} bytes`));
  });

  it('begin with the boards and the chain, and keep a hostile certificate from steering anything', async () => {
    const evil = await issue({ cn: 'a|b\u202e\u001b[31m', issuer: set.ca });
    const report = healthyReport([evil], untrusted);
    const markdown = EXPORT_FORMATS.markdown.write(report, boardsOf(report));
    assert.ok(markdown.indexOf('## Will it work on my board?') < markdown.indexOf('## Certificate chain'));
    assert.match(markdown, /\| ESP-IDF 5\.x \| ✗ fails \| -0x2700 \|/);
    for (const text of [markdown, probeText(report, boardsOf(report))]) {
      for (const bad of ['\u001b', '\u202e']) assert.ok(!text.includes(bad));
    }
    const json = JSON.parse(EXPORT_FORMATS.json.write(report, boardsOf(report)));
    assert.equal(json.trusted, false);
    assert.equal(Buffer.from(json.chain[0], 'base64').compare(evil.der), 0);
  });
});
