// A fleet run: on all cores, resumable, killable at any moment. Files first, then a line in the ledger: what the ledger
// has is there, and what is there without a line gets it at the next run. That holds for a kill without any flush, since
// the system keeps what a dead process wrote. For a power cut everything is flushed once, before the run says that it is
// done: what is lost before that was told to nobody, and the next run makes it anew.
import { createHash, X509Certificate } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CancelledError, UserError } from '../core/errors';
import { profiles } from '../core/pki/certificateProfile';
import { publicKeyOctets, templateOf } from '../core/pki/certificateTemplate';
import { fileNameOf } from '../core/pki/fileName';
import { DEFAULT_KEY_KIND, type KeyKind } from '../core/pki/keyKind';
import { ledgerLine } from '../core/pki/ledger';
import { validityFor } from '../core/pki/validity';
import { type Issuer, signCertificate } from './certificateAuthority';
import { recordOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';
import type { FleetOrder } from './fleetIssuer';
import type { FleetBatch, FleetReply } from './fleetWorker';
import { flushDisk } from './flushDisk';
import { chainPem } from './issueCertificates';
import { generatePrivateKey, publicKeyDer } from './keyPair';
import { makeFolder, TEMPORARY_PREFIX } from './newFile';
import { hashFor } from './signingKey';

export interface FleetOptions {
  readonly names: Iterable<string>;
  readonly keyKind?: KeyKind;
  readonly days?: number;
  readonly signal?: AbortSignal;
  /** Also issue anew what the ledger has but whose files are gone. Without this word they are left out. */
  readonly again?: boolean;
  /** Called after each batch. */
  readonly onProgress?: (done: FleetResult) => void;
  readonly threads?: number;
  /** The built worker, for a bench that runs from source. */
  readonly workerFile?: string;
}

export interface FleetResult {
  readonly issued: number;
  /** Left alone because they had a certificate. */
  readonly existed: number;
  /** Left out because the ledger has them as issued, though their files are not here. */
  readonly gone: number;
}

const BATCH = 32;

/** Issues what is missing of `names`. Throws CancelledError after what was begun is written down. */
export async function issueFleet(
  store: CertificateStore,
  issuer: Issuer,
  options: FleetOptions,
): Promise<FleetResult & { readonly notes: readonly string[] }> {
  await store.prepare();
  const folder = join(store.folder, profiles.device.folder);
  await makeFolder(folder);
  return store.locked(async () => {
    const { order, notes } = await prepareOrder(folder, issuer, options);
    const { ledger, issuedBefore } = await openLedger(store, folder);
    const there = new Set((await readdir(folder)).map((file) => file.replace(/\.(?:crt|key)$/, '')));
    const gone = new Set(options.again ? [] : issuedBefore.filter((stem) => !there.has(stem)));
    try {
      const result = await runWorkers(order, ledger, { there, gone }, options);
      return { ...result, notes: [...notes, ...goneNote(result.gone)] };
    } finally {
      await flushDisk(folder);
      await ledger.datasync();
      await ledger.close();
    }
  });
}

/** One certificate made the careful way is the mould of all. */
async function prepareOrder(folder: string, issuer: Issuer, options: FleetOptions) {
  const keyKind = options.keyKind ?? DEFAULT_KEY_KIND;
  const publicKey = publicKeyDer(await generatePrivateKey(keyKind));
  const validity = validityFor(new Date(), options.days ?? profiles.device.days, {
    notBefore: new Date(issuer.certificate.validFrom),
    notAfter: new Date(issuer.certificate.validTo),
  });
  const mould = await signCertificate(
    { role: 'device', commonName: 'mould', validity, publicKey, keyKind },
    { issuer },
  );
  const { role, issuer: issuerName, notBefore, notAfter, status } = recordOf(mould, 'device', '');
  const order: FleetOrder = {
    folder,
    template: templateOf(mould.raw, createHash('sha1').update(publicKeyOctets(publicKey)).digest()),
    issuerKey: issuer.key,
    hash: hashFor(issuer.key).replace('-', ''),
    keyKind,
    chain: chainPem(mould, issuer).slice(mould.toString().length),
    record: { role, issuer: issuerName, notBefore, notAfter, status },
  };
  return { order, notes: validity.notes };
}

/** Clears up after a killed run: cuts off a torn last line, removes temporary files, and writes down certificates that a killed run finished without a line. */
async function openLedger(
  store: CertificateStore,
  folder: string,
): Promise<{ readonly ledger: FileHandle; readonly issuedBefore: readonly string[] }> {
  const { records, goodLength } = await store.readLedger();
  const handle = await open(store.ledgerPath, 'a', 0o644);
  await handle.truncate(goodLength);
  const inUse = (await store.readInventory()).filter((record) => record.status !== 'replaced');
  const known = new Set([...records, ...inUse].map((record) => record.file));
  for (const file of await readdir(folder)) {
    if (file.startsWith(TEMPORARY_PREFIX)) await rm(join(folder, file), { force: true }); // of a killed run
    if (!file.endsWith('.crt') || known.has(`devices/${file}`)) continue;
    const certificate = tryCertificate(await readFile(join(folder, file), 'utf8'));
    if (certificate) await handle.appendFile(ledgerLine(recordOf(certificate, 'device', `devices/${file}`)));
  }
  const devices = inUse.filter((record) => record.role === 'device');
  return { ledger: handle, issuedBefore: devices.map(({ file }) => basename(file, '.crt')) };
}

function goneNote(count: number): string[] {
  if (count === 0) return [];
  return [
    `${count} of these devices were issued before, but their files are not here any more. No name is issued twice unasked: they were left out. To issue them anew: secure-iot certs fleet … --again.`,
  ];
}

function tryCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

async function runWorkers(
  order: FleetOrder,
  ledger: FileHandle,
  /** Stems of the files that were there before, and of those that should be. */
  before: { readonly there: ReadonlySet<string>; readonly gone: ReadonlySet<string> },
  options: FleetOptions,
): Promise<FleetResult> {
  const names = options.names[Symbol.iterator]();
  const total = { issued: 0, existed: 0, gone: 0 };
  const failed: FleetReply['error'][] = [];
  const next = (): FleetBatch => {
    const batch: string[] = [];
    const there = new Set<string>();
    while (batch.length < BATCH && !options.signal?.aborted && failed.length === 0) {
      const name = names.next();
      if (name.done) break;
      const stem = fileNameOf(name.value);
      if (before.gone.has(stem)) {
        total.gone++;
        continue;
      }
      batch.push(name.value);
      if (before.there.has(stem)) there.add(name.value);
    }
    return { names: batch, there };
  };
  const record = async (reply: FleetReply) => {
    if (reply.lines) await ledger.appendFile(reply.lines);
    if (reply.error) failed.push(reply.error);
    total.issued += reply.issued;
    total.existed += reply.existed;
    options.onProgress?.({ ...total });
  };
  const threads = options.threads ?? availableParallelism();
  await Promise.all(Array.from({ length: threads }, () => runWorker(order, next, record, options.workerFile)));
  const [error] = failed;
  if (error?.code) throw new UserError(error.code, error.message);
  if (error) throw Object.assign(new Error(error.message), { stack: error.stack });
  if (options.signal?.aborted) throw new CancelledError();
  return total;
}

/** Keeps one thread busy until `next` has no names; two batches in flight, so that it never waits for the ledger. */
async function runWorker(
  order: FleetOrder,
  next: () => FleetBatch,
  record: (reply: FleetReply) => Promise<void>,
  file = join(__dirname, `fleetWorker${extname(__filename)}`),
) {
  const worker = new Worker(file, {
    workerData: order,
    ...(file.endsWith('.ts') ? { execArgv: ['--require', 'tsx/cjs'] } : {}), // run from source, as tests do
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let inFlight = 0;
      const send = () => {
        const batch = next();
        if (batch.names.length === 0) return inFlight === 0 ? resolve() : undefined;
        inFlight++;
        worker.postMessage(batch);
      };
      worker.on('error', reject);
      worker.on('message', (reply: FleetReply) => {
        record(reply).then(() => {
          inFlight--;
          send();
        }, reject);
      });
      send();
      send();
    });
  } finally {
    await worker.terminate();
  }
}
