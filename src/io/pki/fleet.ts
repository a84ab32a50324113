// A fleet run: on all cores, resumable, killable at any moment. Files first, then a line in the ledger: what the ledger
// has is there, and what is there without a line gets it at the next run. That holds for a kill without any flush, since
// the system keeps what a dead process wrote. For a power cut everything is flushed once, before the run says that it is
// done: what is lost before that was told to nobody, and the next run makes it anew.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CancelledError, UserError } from '../../core/errors';
import type { BoardStackId } from '../../core/pki/boardStack';
import { profiles } from '../../core/pki/certificateProfile';
import { publicKeyOctets, templateOf } from '../../core/pki/certificateTemplate';
import { fileNameOf } from '../../core/pki/fileName';
import { DEFAULT_KEY_KIND, type KeyKind } from '../../core/pki/keyKind';
import { validityFor } from '../../core/pki/validity';
import { fileError } from '../files/fileErrors';
import { flushDisk } from '../files/flushDisk';
import { makeFolder } from '../files/newFile';
import { type Issuer, signCertificate } from './certificateAuthority';
import { recordOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';
import type { FleetOrder } from './fleetIssuer';
import { type FleetLedger, openFleetLedger } from './fleetLedger';
import type { FleetBatch, FleetReply } from './fleetWorker';
import { chainPem } from './issueCertificates';
import { checkStack } from './issuerLimits';
import { generatePrivateKey, publicKeyDer } from './keyPair';
import { hashFor } from './signingKey';

export interface FleetOptions {
  readonly names: Iterable<string>;
  readonly keyKind?: KeyKind;
  readonly stack?: BoardStackId;
  readonly crlUrl?: string;
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
  checkStack(options.stack, { kind: options.keyKind ?? DEFAULT_KEY_KIND, name: 'the fleet' }, issuer);
  await store.prepare();
  const folder = join(store.folder, profiles.device.folder);
  await makeFolder(folder).catch((error: unknown) => {
    throw fileError(error, 'write', folder);
  });
  return store.locked(async () => {
    const { order, notes } = await prepareOrder(folder, issuer, options);
    const ledger = await openFleetLedger(store, folder);
    const there = new Set((await readdir(folder)).map((file) => file.replace(/\.(?:crt|key)$/, '')));
    const gone = new Set(options.again ? [] : ledger.issuedBefore.filter((stem) => !there.has(stem)));
    try {
      const result = await runWorkers(order, ledger, { there, gone }, options);
      return { ...result, notes: [...notes, ...goneNote(result.gone)] };
    } finally {
      await flushDisk(folder);
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
  const crlUrl = options.crlUrl ? { crlUrl: options.crlUrl } : {};
  const mould = await signCertificate(
    { role: 'device', commonName: 'mould', validity, publicKey, keyKind, ...crlUrl },
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

function goneNote(count: number): string[] {
  if (count === 0) return [];
  return [
    `${count} of these devices were issued before, but their files are not here any more. No name is issued twice unasked: they were left out. To issue them anew: secure-iot certs fleet … --again.`,
  ];
}

async function runWorkers(
  order: FleetOrder,
  ledger: FleetLedger,
  /** Stems of the files that were there before, and of those that should be. */
  before: { readonly there: ReadonlySet<string>; readonly gone: ReadonlySet<string> },
  options: FleetOptions,
): Promise<FleetResult> {
  const names = options.names[Symbol.iterator]();
  const total = { issued: 0, existed: 0, gone: 0 };
  const failed: Error[] = [];
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
  /** A failure ends the run in order: what the threads still have in hand is finished and written down. */
  const record = async (reply: FleetReply) => {
    if (reply.lines) await ledger.append(reply.lines).catch((error: Error) => failed.push(error));
    if (reply.error) failed.push(errorOf(reply.error));
    total.issued += reply.issued;
    total.existed += reply.existed;
    options.onProgress?.({ ...total });
  };
  const threads = options.threads ?? availableParallelism();
  const work = () => runWorker(order, next, record, options.workerFile).catch((error: Error) => failed.push(error));
  await Promise.all(Array.from({ length: threads }, work));
  const [error] = failed;
  if (error) throw error;
  if (options.signal?.aborted) throw new CancelledError();
  return total;
}

function errorOf({ code, message, stack }: NonNullable<FleetReply['error']>): Error {
  return code ? new UserError(code, message) : Object.assign(new Error(message), { stack });
}

/** Keeps one thread busy until `next` has no names; two batches in flight, so that it never waits for the ledger. */
async function runWorker(
  order: FleetOrder,
  next: () => FleetBatch,
  record: (reply: FleetReply) => Promise<void>,
  file = join(__dirname, `fleetWorker${extname(__filename)}`),
) {
  const worker = new Worker(file, { workerData: order });
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
