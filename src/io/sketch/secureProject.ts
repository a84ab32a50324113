// Prepares what secures a plain sketch: its files, the device's identity, the edits, what is left to do. Writes nothing.
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import { UserError } from '../../core/errors';
import { comparesIpAddresses, warnAboutBrokerName } from '../../core/firmware/brokerName';
import { readPlainIdf } from '../../core/firmware/plainIdf';
import { readPlainSketch } from '../../core/firmware/plainSketch';
import { secureIdf } from '../../core/firmware/secureIdf';
import { type SecuredSketch, secureSketch } from '../../core/firmware/secureSketch';
import { readProjectFiles } from '../diagnose/projectFiles';
import { readBrokerNames, readDeviceIdentity } from '../pki/identityFiles';

export interface PreparedProject extends SecuredSketch {
  /** As they were read: edits count from these. */
  readonly files: readonly SourceFile[];
}

/** `certificates` is the certificates folder. Throws UserError for whatever the user can mend. */
export async function prepareSecureProject(
  folder: string,
  certificates: string,
  device: string,
  nowMs: number,
): Promise<PreparedProject> {
  const files = await readProjectFiles(folder);
  const { idf, plain } = readPlain(files);
  const identity = await readDeviceIdentity(certificates, device, nowMs);
  const { edits, notes } = idf ? secureIdf(files, idf, identity) : secureSketch(files, identity);
  const compares = comparesIpAddresses(plain && plain.chip !== 'esp32' ? 'esp8266' : 'esp32');
  const brokers = await readBrokerNames(certificates);
  const host = idf?.host ?? plain?.host;
  const warning = host === undefined ? undefined : warnAboutBrokerName(host, brokers, compares);
  return { files, edits, notes: [...identity.warnings, ...(warning ? [warning] : []), ...notes] };
}

/** Whether a project has TLS, so that there is nothing to do for it. */
export async function isSecureAlready(folder: string): Promise<boolean> {
  const files = await readProjectFiles(folder);
  try {
    readPlain(files);
    return false;
  } catch (error) {
    if (error instanceof UserError) return error.code === 'sketch-secure-already';
    throw error;
  }
}

function readPlain(files: readonly SourceFile[]) {
  const idf = readPlainIdf(files);
  return { idf, plain: idf ? undefined : readPlainSketch(files) };
}
