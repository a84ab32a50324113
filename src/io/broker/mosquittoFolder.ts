// Writes a mosquitto configuration for a certificates folder into a folder of its own; nothing is overwritten.
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../core/errors';
import { mosquittoFiles } from '../../core/mqtt/mosquittoFiles';
import type { MosquittoRequest, MosquittoTarget } from '../../core/mqtt/mosquittoRequest';
import { writeNewFile } from '../files/newFile';
import { readBrokerFiles } from './brokerFiles';

export interface MosquittoFolderRequest
  extends Pick<MosquittoRequest, 'port' | 'login' | 'target' | 'plainPort' | 'administrators'> {
  /** The certificates folder. */
  readonly certificates: string;
  /** Where the files go. */
  readonly out: string;
  /** Broker certificate by its file name without `.crt`; default: the first one. */
  readonly broker?: string;
  /** Inside the certificates folder. Left out: ca/ca.crl where there is one. `false`: none. */
  readonly revocationList?: string | false;
}

/** Returns the paths. Throws UserError: see `readBrokerFiles`; `file-missing`, `file-exists`, `mosquitto-name`. */
export async function writeMosquittoFolder(request: MosquittoFolderRequest): Promise<string[]> {
  const { certificates, out, broker, ...rest } = request;
  const { name, crl } = await readBrokerFiles(certificates, broker); // there is no use in a configuration without them
  const list = request.revocationList ?? (crl === undefined ? false : 'ca/ca.crl');
  if (list) await mustExist(join(certificates, list));
  const { revocationList: _, ...options } = rest;
  const files = mosquittoFiles({
    ...options,
    ...PLACES[request.target](certificates, out),
    broker: name,
    ...(list ? { revocationList: slashes(list) } : {}),
  });
  const paths = files.map((file) => join(out, file.name));
  for (const path of paths) await mustNotExist(path);
  for (const [index, { text }] of files.entries()) await writeNewFile(paths[index] ?? '', text);
  return paths;
}

type Places = Pick<MosquittoRequest, 'certificates' | 'configuration'>;

/** Where mosquitto will find them. */
const PLACES: Readonly<Record<MosquittoTarget, (certificates: string, out: string) => Places>> = {
  here: (certificates, out) => ({ certificates: slashes(resolve(certificates)), configuration: slashes(resolve(out)) }),
  server: () => ({ certificates: '/etc/mosquitto/certs', configuration: '/etc/mosquitto' }),
  container: () => ({ certificates: '/mosquitto/certs', configuration: '/mosquitto/config' }),
};

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}

async function mustExist(file: string): Promise<void> {
  await access(file).catch(() => {
    throw new UserError('file-missing', `The revocation list ${file} is not there. Make it first, or leave it out.`);
  });
}

/** All or none: half a new configuration beside half an old one would be worse than an error. */
async function mustNotExist(file: string): Promise<void> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) throw new UserError('file-exists', `${file} is there already. Choose another folder, or move it away.`);
}
