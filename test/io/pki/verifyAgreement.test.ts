// Our verdict and that of `openssl verify` on chains with one flaw each, made by OpenSSL.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyCertificate } from '../../../src/io/pki/verifyCertificate';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

interface Flaw {
  readonly root?: string;
  readonly intermediate?: string;
  readonly second?: string;
  /** The second authority's subject; otherwise `second`. */
  readonly secondName?: string;
  readonly leaf?: string;
  readonly rsaBits?: number;
  readonly hash?: string;
  /** What we say; nothing for a chain that is accepted. */
  readonly problem?: RegExp;
}

const CA = 'basicConstraints=critical,CA:TRUE';
const SIGNS = 'keyUsage=critical,keyCertSign,cRLSign';
const NAMES = 'subjectAltName=DNS:mqtt.example.com,IP:192.168.1.10';

const chains: Readonly<Record<string, Flaw>> = {
  'a good chain': {},
  'a good chain with limits that it keeps': {
    root: `${CA},pathlen:1\n${SIGNS}`,
    intermediate: `${CA},pathlen:0\n${SIGNS}\nnameConstraints=permitted;DNS:example.com,permitted;IP:192.168.0.0/255.255.0.0`,
  },
  'a path that is too long': { root: `${CA},pathlen:0\n${SIGNS}`, problem: /root has path length 0/ },
  'a second authority under path length 0': {
    intermediate: `${CA},pathlen:0\n${SIGNS}`,
    second: `${CA}\n${SIGNS}`,
    problem: /intermediate has path length 0: no authority may stand below it, and here it is 1/,
  },
  "a link to an authority's new key under path length 0": {
    intermediate: `${CA},pathlen:0\n${SIGNS}`,
    second: `${CA}\n${SIGNS}`,
    secondName: 'intermediate',
  },
  'an issuer that is no authority': {
    intermediate: 'basicConstraints=CA:FALSE',
    problem: /intermediate signed another/,
  },
  'an issuer that may not sign': {
    intermediate: `${CA}\nkeyUsage=critical,digitalSignature`,
    problem: /key usage of intermediate/,
  },
  'a name outside of what is permitted': {
    intermediate: `${CA}\n${SIGNS}\nnameConstraints=critical,permitted;DNS:example.org`,
    problem: /may not certify mqtt\.example\.com/,
  },
  'an address outside of the network': {
    intermediate: `${CA}\n${SIGNS}\nnameConstraints=permitted;IP:10.0.0.0/255.0.0.0`,
    problem: /may not certify 192\.168\.1\.10/,
  },
  'an excluded name': {
    intermediate: `${CA}\n${SIGNS}\nnameConstraints=excluded;DNS:mqtt.example.com`,
    problem: /may not certify mqtt\.example\.com/,
  },
  'a common name outside, where there are no names': {
    intermediate: `${CA}\n${SIGNS}\nnameConstraints=permitted;DNS:example.org`,
    leaf: 'extendedKeyUsage=serverAuth',
    problem: /may not certify mqtt\.example\.com/,
  },
  'critical extensions that are known': {
    root: `${CA}\n${SIGNS}\npolicyConstraints=critical,requireExplicitPolicy:9`,
    leaf: `${NAMES}\nextendedKeyUsage=critical,serverAuth\ncertificatePolicies=critical,1.2.3.4\ncrlDistributionPoints=critical,URI:http://x/`,
  },
  'an unknown critical extension in the leaf': {
    leaf: `${NAMES}\n1.2.3.4.5=critical,DER:0500`,
    problem: /mqtt\.example\.com has a critical extension that OpenSSL does not know, 1\.2\.3\.4\.5/,
  },
  'a critical TLS feature in the leaf': {
    leaf: `${NAMES}\ntlsfeature=critical,status_request`,
    problem: /TLS feature \(1\.3\.6\.1\.5\.5\.7\.1\.24\)/,
  },
  'a critical access extension in an authority': {
    intermediate: `${CA}\n${SIGNS}\nauthorityInfoAccess=critical,OCSP;URI:http://x/`,
    problem: /intermediate has a critical extension .* authority information access/,
  },
  'an unknown critical extension in the trust anchor': {
    root: `${CA}\n${SIGNS}\n1.2.3.4.5=critical,DER:0500`,
    problem: /root has a critical extension/,
  },
  'an RSA key that is too short': { rsaBits: 1024, problem: /only 1024 bits/ },
  'a signature with SHA-1': { hash: 'sha1', problem: /signed with (ecdsa-with-SHA1|sha1)/ },
};

for (const [what, flaw] of Object.entries(chains))
  test(`openssl and we agree on ${what}`, async (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const folder = temporaryFolder('verify-agreement');
    const file = makeChain(openssl, folder, flaw);
    // auth_level 2 is what Debian's OpenSSL asks of its TLS peers
    const words = ['verify', '-auth_level', '2', '-CAfile', 'root.crt', '-untrusted', file, file];
    const accepted = spawnSync(openssl, words, { cwd: folder }).status === 0;
    assert.equal(accepted, flaw.problem === undefined, 'the case is not what it says');
    const trusted = readFileSync(join(folder, 'root.crt'), 'utf8');
    const { good, problems } = await verifyCertificate(join(folder, file), { trusted, trustedSource: 'root.crt' });
    assert.equal(good, accepted, problems.join(' '));
    if (flaw.problem) assert.match(problems.join(' '), flaw.problem);
  });

/** leaf <- (second <-) intermediate <- root; returns the chain's file, leaf first. */
function makeChain(openssl: string, folder: string, flaw: Flaw): string {
  const run = (...words: string[]) => execFileSync(openssl, words, { cwd: folder, stdio: 'pipe' });
  const key = (name: string, rsaBits?: number) => {
    const kind = rsaBits
      ? ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${rsaBits}`]
      : ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    run('genpkey', ...kind, '-out', `${name}.key`);
  };
  const issue = (name: string, subject: string, extensions: string, issuer: string | undefined, hash = 'sha256') => {
    writeFileSync(join(folder, `${name}.ext`), `${extensions}\nsubjectKeyIdentifier=hash\n`);
    run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${subject}`, '-out', `${name}.csr`);
    const signer = issuer
      ? ['-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`, '-CAcreateserial']
      : ['-signkey', `${name}.key`];
    const words = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-days', '30', `-${hash}`, '-out', `${name}.crt`];
    run('x509', '-req', ...signer, ...words);
  };
  key('root');
  issue('root', 'root', flaw.root ?? `${CA}\n${SIGNS}`, undefined);
  key('intermediate');
  issue('intermediate', 'intermediate', flaw.intermediate ?? `${CA}\n${SIGNS}`, 'root');
  if (flaw.second) {
    key('second');
    issue('second', flaw.secondName ?? 'second', flaw.second, 'intermediate');
  }
  key('leaf', flaw.rsaBits);
  const leaf = flaw.leaf ?? `${NAMES}\nextendedKeyUsage=serverAuth`;
  issue('leaf', 'mqtt.example.com', leaf, flaw.second ? 'second' : 'intermediate', flaw.hash);
  const names = ['leaf', ...(flaw.second ? ['second'] : []), 'intermediate'];
  writeFileSync(
    join(folder, 'chain.pem'),
    names.map((name) => readFileSync(join(folder, `${name}.crt`), 'utf8')).join(''),
  );
  return 'chain.pem';
}
