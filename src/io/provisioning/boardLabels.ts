// Labels for the boards of the ledger: what each one is now, with the fingerprint of its certificate.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { type BoardLabel, labelPage } from '../../core/firmware/labelPage';
import { fileNameOf } from '../../core/pki/fileName';
import { readBoards } from './provisionLedger';

/** An HTML page, boards in the order they were provisioned. Throws UserError `no-boards`, `certificate-missing`. */
export async function makeLabelPage(folder: string): Promise<{ readonly html: string; readonly count: number }> {
  const boards = await readBoards(folder);
  if (boards.size === 0)
    throw new UserError('no-boards', `No board was provisioned from ${folder} yet: there is nothing to label.`, {
      title: 'Provision Device…',
      command: 'secureIot.provisionDevice',
    });
  const labels: BoardLabel[] = [];
  for (const [mac, { device }] of boards) labels.push({ mac, device, fingerprint: await fingerprint(folder, device) });
  const { renderSVG } = await import('uqr');
  const html = labelPage(labels, (text) => renderSVG(text, { border: 1, ecc: 'M', pixelSize: 4 }));
  return { html, count: labels.length };
}

async function fingerprint(folder: string, device: string): Promise<string> {
  const file = join(folder, 'devices', `${fileNameOf(device)}.crt`);
  try {
    return new X509Certificate(await readFile(file)).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch (error) {
    throw new UserError(
      'certificate-missing',
      `${file}, the certificate of "${device}", cannot be read. Put it back.`,
      undefined,
      {
        cause: error,
      },
    );
  }
}
