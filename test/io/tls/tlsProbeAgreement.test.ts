// What the TLS test finds must be what `openssl s_client` finds, or what `openssl s_server` was told to do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { suiteByCode, suiteName } from '../../../src/core/tls/cipherSuites';
import { isTrusted } from '../../../src/core/tls/probeSections';
import { probeTls } from '../../../src/io/tls/tlsProbe';
import { startMosquitto } from '../../support/mosquitto';
import { startSServer } from '../../support/sServer';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { findTool, requireTool } from '../../support/tools';

type Set = { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let good: Set;
let rsa: Set;
before(async () => {
  [good, rsa] = await Promise.all([goodSet(), goodSet('rsa-2048')]);
});

const probe = (port: number, tls: object = {}) =>
  probeTls({ host: 'localhost', port, tls: { ca: good.ca.pem, ...tls }, timeoutMs: 1_500, nowMs: Date.now() });

/** Standard output and error of `openssl`, whatever its exit code. */
function openssl(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(findTool('openssl') ?? 'openssl', [...args], (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
    child.stdin?.on('error', () => undefined).end(input);
  });
}

const client = (port: number, ...args: string[]): Promise<string> =>
  openssl(['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', ...args]);

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const made = temporaryFolder('agreement');
  for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text);
  return made;
}

async function mosquitto(t: TestContext, identity: TestIdentity, more: object = {}): Promise<number | undefined> {
  if (!requireTool(t, 'mosquitto') || !requireTool(t, 'openssl')) return undefined;
  const chain = { certificate: identity.pem, key: identity.keyPem };
  const broker = await startMosquitto({ ca: good.ca.pem, ...chain, ...more });
  t.after(() => broker.stop());
  return broker.port;
}

describe('TLS test and openssl s_client against a real mosquitto', () => {
  for (const kind of ['ECDSA', 'RSA'] as const) {
    it(`agree on versions and on every cipher suite (${kind})`, async (t) => {
      const port = await mosquitto(t, kind === 'RSA' ? rsa.broker : good.broker);
      if (!port) return;
      const report = await probe(port);
      const lines = await openssl(['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0']);
      const known = [...lines.matchAll(/0x([0-9A-F]{2}),0x([0-9A-F]{2}) - TLS_\S+\s+- (\S+)/g)];
      assert.ok(known.length > 80);
      const theirs = { '1.2': [] as number[], '1.3': [] as number[] };
      for (const [, high = '', low = '', name = ''] of known) {
        const code = Number.parseInt(high + low, 16);
        const version = name.startsWith('TLS_') ? '1.3' : '1.2';
        const said =
          version === '1.3'
            ? await client(port, '-tls1_3', '-ciphersuites', name)
            : await client(port, '-tls1_2', '-cipher', `${name}:@SECLEVEL=0`);
        if (/Cipher is (?!\(NONE\))\S+/.test(said)) theirs[version].push(code);
      }
      const sorted = (codes: readonly number[]) => codes.map(suiteName).sort();
      assert.deepEqual(sorted(report.suites['1.2']), sorted(theirs['1.2']));
      assert.deepEqual(sorted(report.suites['1.3']), sorted(theirs['1.3']));
      for (const [version, flag] of [
        ['1.0', '-tls1'],
        ['1.1', '-tls1_1'],
        ['1.2', '-tls1_2'],
        ['1.3', '-tls1_3'],
      ] as const) {
        const said = await client(port, flag, ...(version < '1.2' ? ['-cipher', 'ALL:@SECLEVEL=0'] : []));
        assert.equal(report.versions[version].offered, /Cipher is (?!\(NONE\))\S+/.test(said), version);
      }
    });
  }

  it('agree on resumption', async (t) => {
    const port = await mosquitto(t, good.broker);
    if (!port) return;
    const { resumption } = await probe(port);
    const made = await folder({});
    const reused = async (...flags: string[]): Promise<boolean> => {
      const session = join(made, flags.join(''));
      const connect = (more: string[]) => client(port, ...flags, ...more);
      // TLS 1.3 gives its ticket after the handshake: s_client has to stay for a moment.
      await new Promise<void>((resolve) => {
        const child = execFile(
          findTool('openssl') ?? 'openssl',
          ['s_client', '-connect', `127.0.0.1:${port}`, ...flags, '-sess_out', session],
          () => resolve(),
        );
        setTimeout(() => child.stdin?.end('Q\n'), 300);
      });
      return /^Reused,/m.test(await connect(['-sess_in', session]));
    };
    assert.equal(resumption.ticket?.works, await reused('-tls1_2'));
    assert.equal(resumption.id?.works, await reused('-tls1_2', '-no_ticket'));
    assert.equal(resumption.psk13?.works, await reused('-tls1_3'));
  });

  it('agree on trust and names: good, other CA, expired, wrong name, missing and sent intermediate', async (t) => {
    const san = [{ type: 'dns', value: 'localhost' }] as const;
    const usages = { usages: ['serverAuth'] as const, san: [...san] };
    const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
    const expired = await issue({ cn: 'localhost', issuer: good.ca, ...usages, usages: ['serverAuth'], ...past });
    const middle = await issue({ cn: 'Issuing CA', issuer: good.ca, ca: true, keyUsage: ['keyCertSign'] });
    const leaf = await issue({ cn: 'localhost', issuer: middle, san: [...san], usages: ['serverAuth'] });
    const wrong = await issue({ cn: 'x', issuer: good.ca, san: [{ type: 'dns', value: 'x' }], usages: ['serverAuth'] });
    const made = await folder({ ca: good.ca.pem });
    for (const [name, identity, intermediate] of [
      ['good', good.broker, ''],
      ['other CA', (await goodSet()).broker, ''],
      ['expired', expired, ''],
      ['wrong name', wrong, ''],
      ['missing intermediate', leaf, ''],
      ['sent intermediate', leaf, middle.pem],
    ] as const) {
      const port = await mosquitto(t, identity, intermediate ? { certificate: leaf.pem + intermediate } : {});
      if (!port) return;
      const report = await probe(port);
      const verify = ['-CAfile', join(made, 'ca'), '-no-CApath', '-verify_hostname', 'localhost', '-tls1_2'];
      const code = Number(/Verify return code: (\d+)/.exec(await client(port, ...verify))?.[1]);
      assert.equal(isTrusted(report), code === 0, `${name}: OpenSSL says ${code}`);
      assert.equal(report.trust.nameProblem !== '', code === 62, name);
      const sent = [...(await client(port, '-showcerts')).matchAll(/-----BEGIN CERTIFICATE-----/g)].length;
      assert.equal(report.chain.length, sent, name);
      assert.equal(report.chainKnownBy, 'bytes');
    }
  });

  it('agree on whether a client certificate is wanted', async (t) => {
    for (const requireCertificate of [false, true]) {
      const port = await mosquitto(t, good.broker, { requireCertificate });
      if (!port) return;
      const { clientCertificate } = await probe(port);
      const said = await client(port, '-tls1_2');
      assert.equal(clientCertificate.required, requireCertificate);
      // s_client tells the signature algorithms of a request for a certificate, and of nothing else.
      assert.equal(clientCertificate.wanted, /Requested Signature Algorithms/.test(said));
    }
  });
});

describe('TLS test of openssl s_server', () => {
  const ecdsa = () => ({ cert: good.broker.pem, key: good.broker.keyPem });
  const own = ['-cert', '@cert', '-key', '@key'];

  it('agrees on resumption when tickets are off, and when all of it is off', async (t) => {
    const ids = await startSServer(t, [...own, '-no_ticket', '-tls1_2'], ecdsa());
    if (!ids) return;
    assert.equal((await probe(ids)).resumption.id?.works, true);
    const nothing = await startSServer(t, [...own, '-no_ticket', '-no_cache', '-tls1_2'], ecdsa());
    const { resumption } = await probe(nothing ?? 0);
    assert.deepEqual([resumption.id?.works, resumption.ticket?.works, resumption.psk13], [false, false, undefined]);
  });

  it('agrees on the one suite and the one group that are switched on', async (t) => {
    const only = ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256', '-groups', 'P-384'];
    const port = await startSServer(t, [...own, ...only], ecdsa());
    if (!port) return;
    const report = await probe(port);
    assert.deepEqual(report.suites['1.3'].map(suiteName), ['AES_128_CCM_8_SHA256']);
    assert.deepEqual(report.groups, [0x0018]);
    assert.deepEqual(report.suites['1.2'], []);
  });

  it('names the groups of a TLS 1.2 server, beside the curve of its certificate', async (t) => {
    const port = await startSServer(t, [...own, '-tls1_2', '-groups', 'X25519:P-521:P-256'], ecdsa());
    if (!port) return;
    assert.deepEqual([...(await probe(port)).groups].sort(), [23, 25, 29]);
  });

  it('sees TLS 1.0 and 1.1, and the suites taken there', async (t) => {
    const port = await startSServer(t, [...own, '-cipher', 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0', '-tls1_1'], ecdsa());
    if (!port) return;
    const report = await probe(port);
    assert.deepEqual([report.versions['1.1'].offered, report.versions['1.2'].offered], [true, false]);
    assert.deepEqual(report.suites['1.1'].map(suiteName), ['ECDHE_ECDSA_WITH_AES_128_CBC_SHA']);
    assert.deepEqual(
      report.chain.map(({ subject }) => subject.commonName),
      ['localhost'],
    );
  });

  it('finds suites of both keys where a server has an RSA and an ECDSA certificate', async (t) => {
    const files = { ...ecdsa(), rsaCert: rsa.broker.pem, rsaKey: rsa.broker.keyPem };
    const port = await startSServer(t, [...own, '-dcert', '@rsaCert', '-dkey', '@rsaKey', '-tls1_2'], files);
    if (!port) return;
    const names = (await probe(port)).suites['1.2'].map(suiteName);
    assert.ok(
      names.includes('ECDHE_ECDSA_WITH_AES_128_GCM_SHA256') && names.includes('ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
    );
  });

  it('finds weak suites: no encryption, no server certificate', async (t) => {
    const weak = ['-cipher', 'ECDHE-ECDSA-NULL-SHA:AECDH-AES128-SHA:@SECLEVEL=0', '-tls1_2'];
    const port = await startSServer(t, [...own, ...weak], ecdsa());
    if (!port) return;
    const { suites } = await probe(port);
    assert.deepEqual(suites['1.2'].map(suiteName).sort(), [
      'ECDHE_ECDSA_WITH_NULL_SHA',
      'ECDH_anon_WITH_AES_128_CBC_SHA',
    ]);
    assert.ok(suites['1.2'].every((code) => suiteByCode(code)?.judgement === 'bad'));
  });

  it('tells a server that takes pre-shared keys only', async (t) => {
    const port = await startSServer(t, ['-nocert', '-psk', '1a2b3c4d', '-tls1_2', '-cipher', 'PSK:@SECLEVEL=0']);
    if (!port) return;
    const report = await probe(port);
    assert.equal(report.versions['1.2'].offered, true);
    assert.ok(report.suites['1.2'].length > 5);
    assert.ok(report.suites['1.2'].every((code) => suiteByCode(code)?.exchange === 'psk'));
    assert.deepEqual([report.chain.length, report.trust.chainProblem], [0, 'NO_CERTIFICATE']);
  });

  it('reads a stapled OCSP response: good, and revoked', async (t) => {
    if (!requireTool(t, 'openssl')) return;
    const { serialNumber } = good.broker.certificate;
    for (const [entry, status] of [
      [`V\t491231235959Z\t\t${serialNumber}\tunknown\t/CN=localhost\n`, 'good'],
      [`R\t491231235959Z\t250101000000Z\t${serialNumber}\tunknown\t/CN=localhost\n`, 'revoked'],
    ] as const) {
      const made = await folder({
        index: entry.replaceAll(serialNumber, serialNumber.toUpperCase()),
        ca: good.ca.pem,
        caKey: good.ca.keyPem,
        leaf: good.broker.pem,
      });
      const file = (name: string): string => join(made, name);
      const signer = ['-rsigner', file('ca'), '-rkey', file('caKey'), '-CA', file('ca'), '-ndays', '7'];
      const about = ['-issuer', file('ca'), '-cert', file('leaf'), '-respout', file('response')];
      const said = await openssl(['ocsp', '-index', file('index'), ...signer, ...about]);
      const response = await readFile(file('response')).catch(() => assert.fail(said));
      const port = await startSServer(t, [...own, '-status_file', '@response'], { ...ecdsa(), response });
      if (!port) return;
      const { ocsp } = await probe(port);
      assert.equal(ocsp.stapled && ocsp.status, status);
      assert.equal(
        ocsp.stapled && ocsp.nextUpdateMs && ocsp.thisUpdateMs && ocsp.nextUpdateMs - ocsp.thisUpdateMs,
        604_800_000,
      );
    }
  });

  for (const version of ['-tls1_2', '-tls1_3']) {
    it(`names the CAs that a server accepts client certificates from (${version})`, async (t) => {
      const files = { ...ecdsa(), ca: good.ca.pem };
      const port = await startSServer(t, [...own, version, '-Verify', '1', '-CAfile', '@ca'], files);
      if (!port) return;
      const report = await probe(port);
      assert.deepEqual(report.clientCertificate, {
        wanted: true,
        required: true,
        acceptedIssuers: ['CN=Workshop CA'],
      });
      const optional = await startSServer(t, [...own, version, '-verify', '1', '-CAfile', '@ca'], files);
      const { wanted, required } = (await probe(optional ?? 0)).clientCertificate;
      assert.deepEqual([wanted, required], [true, false]);
    });

    it(`sees another certificate without SNI (${version})`, async (t) => {
      const bare = await issue({ cn: 'bare', issuer: good.ca, usages: ['serverAuth'] });
      const files = { cert2: good.broker.pem, key2: good.broker.keyPem, cert: bare.pem, key: bare.keyPem };
      const named = ['-servername', 'localhost', '-cert2', '@cert2', '-key2', '@key2'];
      const port = await startSServer(t, [...own, version, ...named], files);
      if (!port) return;
      const report = await probe(port);
      assert.deepEqual([report.alpn, report.sameWithoutSni], ['', false]);
      assert.ok(isTrusted(report));
    });

    it(`sees ALPN (${version})`, async (t) => {
      const port = await startSServer(t, [...own, version, '-alpn', 'mqtt'], ecdsa());
      if (port) assert.equal((await probe(port)).alpn, 'mqtt');
    });
  }

  it('reads a chain as it is sent also where TLS 1.3 hides it, with a stray certificate in it', async (t) => {
    const stray = await issue({ cn: 'stray' });
    const files = { ...ecdsa(), more: stray.pem + good.ca.pem };
    const port = await startSServer(t, [...own, '-tls1_3', '-cert_chain', '@more'], files);
    if (!port) return;
    const report = await probe(port);
    assert.deepEqual(
      report.chain.map(({ subject }) => subject.commonName),
      ['localhost', 'stray', 'Workshop CA'],
    );
    assert.equal(report.chainKnownBy, 'bytes');
  });
});
