// A thread of a fleet run: takes batches of names, answers with their ledger lines.
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../core/errors';
import { ledgerLine } from '../../core/pki/ledger';
import { type FleetOrder, issueFleetCertificate } from './fleetIssuer';
import { fleetKeyMaker } from './fleetKey';

export interface FleetBatch {
  readonly names: readonly string[];
  /** Those of which a file was there when the run began. */
  readonly there: ReadonlySet<string>;
}

export interface FleetReply {
  /** Ledger lines of what was issued, also of what came before an error. */
  readonly lines: string;
  readonly issued: number;
  readonly existed: number;
  /** A UserError crosses threads as its parts. */
  readonly error?: { readonly code?: string; readonly message: string; readonly stack?: string | undefined };
}

const order = workerData as FleetOrder;
const newKey = fleetKeyMaker(order.keyKind);

parentPort?.on('message', (batch: FleetBatch) => parentPort?.postMessage(issueBatch(batch)));

function issueBatch({ names, there }: FleetBatch): FleetReply {
  let lines = '';
  let issued = 0;
  try {
    for (const name of names) {
      const record = issueFleetCertificate(order, newKey, name, !there.has(name));
      if (!record) continue;
      lines += ledgerLine(record);
      issued++;
    }
    return { lines, issued, existed: names.length - issued };
  } catch (error) {
    const { message, stack } = error as Error;
    const code = error instanceof UserError ? { code: error.code } : {};
    return { lines, issued, existed: 0, error: { ...code, message, stack } };
  }
}
