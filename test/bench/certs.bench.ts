// Fleet issuing against this machine's own limit (key generation with export, and a signature, on all cores: no
// certificate, no file) and against the usual script of openssl calls; memory at two sizes. All in the same run. Where the disk
// makes files slower than this machine makes keys, the second ratio tells what is ours.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { namesFromPattern } from '../../src/core/pki/fleetNames';
import { flushDisk } from '../../src/io/files/flushDisk';
import { openCertificateStore } from '../../src/io/pki/certificateStore';
import { issueFleet } from '../../src/io/pki/fleet';
import { createAuthority, unlockAuthority } from '../../src/io/pki/issueCertificates';
import { findTool } from '../support/tools';
import { report } from './support/ratio';

const COUNT = Number(process.env['SECURE_IOT_BENCH_FLEET'] ?? 3000);
const ROUNDS = 3;
const threads = availableParallelism();
const workerFile = join(__dirname, '../../dist/fleetWorker.js');
/**
 * Removed at the end only: ext4 without a journal looks at each inode freed in the last minutes before it takes one (ialloc.c,
 * recently_deleted), so that a folder removed between two rounds makes files ten times slower to create.
 */
const folders: string[] = [];
const benchFolder = async (parent: string): Promise<string> => {
  const folder = await mkdtemp(join(parent, 'secure-iot-bench-'));
  folders.push(folder);
  return folder;
};

const rawWork = `
const { generateKeyPairSync, sign, createPrivateKey } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const encodings = { publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } };
const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const tbs = Buffer.alloc(380);
parentPort.on('message', () => {
  for (let i = 0; i < workerData; i++) {
    generateKeyPairSync('ec', { namedCurve: 'P-256', ...encodings });
    sign('sha256', tbs, ca);
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');`;

/** Per second, all cores. Threads are started before the clock. */
async function rawLimit(count: number): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(rawWork, { eval: true, workerData: Math.ceil(count / threads) }),
  );
  const answers = () => Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  await answers();
  const start = performance.now();
  for (const worker of workers) worker.postMessage('go');
  await answers();
  const rate = (count / (performance.now() - start)) * 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return rate;
}

/** Pairs of small files per second, as one thread writes them into a new folder, flushed once: what the disk itself allows. */
async function plainFiles(parent: string, count: number): Promise<number> {
  const folder = await benchFolder(parent);
  const content = Buffer.alloc(900, 'x');
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    writeFileSync(join(folder, `${i}.key`), content);
    writeFileSync(join(folder, `${i}.crt`), content);
  }
  await flushDisk(folder);
  return (count / (performance.now() - start)) * 1000;
}

/** Per second, everything included: threads, keys, certificates, two files each, the ledger. */
async function fleet(parent: string, count: number): Promise<number> {
  const folder = await benchFolder(parent);
  const store = openCertificateStore(join(folder, 'certs'));
  await createAuthority(store, { commonName: 'Bench CA', passphrase: 'correct horse battery' });
  const authority = await unlockAuthority(store, 'correct horse battery');
  const start = performance.now();
  await issueFleet(store, authority, { names: namesFromPattern('dev-{00001}', count), workerFile });
  return (count / (performance.now() - start)) * 1000;
}

/** Per second: genpkey, req and x509 for each device, as scripts do. */
async function opensslScript(openssl: string, count: number): Promise<number> {
  const folder = await benchFolder(tmpdir());
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'ignore' });
  const ec = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  run('genpkey', ...ec, '-out', 'ca.key');
  run('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=CA', '-days', '3650', '-out', 'ca.crt');
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    run('genpkey', ...ec, '-out', `${i}.key`);
    run('req', '-new', '-key', `${i}.key`, '-subj', `/CN=dev-${i}`, '-out', `${i}.csr`);
    run('x509', '-req', '-in', `${i}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-out', `${i}.crt`);
  }
  return (count / (performance.now() - start)) * 1000;
}

/** Largest resident set of the built command line while it issues `count`, all threads together. */
async function peakMemory(count: number): Promise<number> {
  const cwd = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'secure-iot-bench-'));
  const probe = "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));";
  await writeFile(join(cwd, 'probe.cjs'), probe);
  const env = { ...process.env, SECURE_IOT_CA_PASSPHRASE: 'correct horse battery' };
  const certs = (...args: string[]) => {
    const words = ['--require', join(cwd, 'probe.cjs'), join(__dirname, '../../dist/cli.js'), 'certs', ...args];
    return spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8' });
  };
  certs('ca', '--cn', 'Bench CA');
  const { stderr } = certs('fleet', '--count', `${count}`, '--pattern', 'dev-{00001}');
  await rm(cwd, { recursive: true });
  const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map((match) => Number(match[1]));
  return Math.max(...peaks);
}

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

async function main(): Promise<void> {
  const disk: number[] = [];
  const files: number[] = [];
  const memory: number[] = [];
  const script: number[] = [];
  const openssl = findTool('openssl');
  await plainFiles(tmpdir(), COUNT); // uses up the inodes that were freed before this bench
  for (let i = 0; i < ROUNDS; i++) {
    const before = await rawLimit(COUNT);
    const onDisk = await fleet(tmpdir(), COUNT);
    const plain = await plainFiles(tmpdir(), COUNT);
    const inMemory = existsSync('/dev/shm') ? await fleet('/dev/shm', COUNT) : Number.NaN;
    const limit = (before + (await rawLimit(COUNT))) / 2; // the machine's pace changes; the limit is taken on both sides
    disk.push(onDisk / limit);
    files.push(onDisk * (1 / limit + 1 / plain));
    memory.push(inMemory / limit);
    if (openssl) script.push(onDisk / (await opensslScript(openssl, 20)));
    console.log(
      `  round ${i + 1}: limit ${limit | 0}/s, plain files ${plain | 0}/s, on disk ${onDisk | 0}/s, in memory ${inMemory | 0}/s`,
    );
  }
  report(`fleet of ${COUNT} on disk, of the limit without any file`, spread(disk), '0.6 or more');
  report('the same, of that limit and then plainly writing as many files', spread(files), '0.6 or more');
  if (existsSync('/dev/shm')) report('the same into a file system in memory', spread(memory), '0.6 or more');
  if (openssl) report('fleet on disk against a script of openssl calls', spread(script), '40 or more');
  const [small, large] = [await peakMemory(COUNT), await peakMemory(COUNT * 4)];
  const ratio = large / small;
  report(`peak memory of ${COUNT * 4} against ${COUNT}`, { median: ratio, min: ratio, max: ratio }, '1.2 or less');
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
