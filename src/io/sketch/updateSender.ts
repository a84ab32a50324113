// Who sends an update: a person's certificate (operators/), or one made as a device's; and where its project reports to.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROJECT_FILE } from '../../core/firmware/sketchPlan';
import { asObject } from '../../core/firmware/templateParts';
import { type ConnectionFiles, namedIdentity, readConnectionFiles } from '../mqtt/connectionFiles';

/** CA, certificate and key of `name` in the certificates folder. Throws as readConnectionFiles does. */
export function readSender(certificates: string, name: string): Promise<ConnectionFiles> {
  return readConnectionFiles(certificates, { type: 'workspace' }, namedIdentity(certificates, name));
}

/** The values of the project that `file` lies in, as its secure-iot.json has them; none where there is no such file. */
export async function readProjectValues(file: string): Promise<Readonly<Record<string, unknown>>> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = await readFile(join(folder, PROJECT_FILE), 'utf8').catch(() => undefined);
    if (text !== undefined) return valuesIn(text);
    if (dirname(folder) === folder) return {};
  }
}

function valuesIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(asObject(JSON.parse(text))?.['values']) ?? {};
  } catch {
    return {}; // edited by hand and broken: then everything is asked
  }
}
