// `secure-iot labels`: a page of labels for the boards that were provisioned.

import { resolve } from 'node:path';
import { counted } from '../core/counted';
import { writeOutput } from '../io/files/outputFile';
import { makeLabelPage } from '../io/provisioning/boardLabels';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    certs: { type: 'string', default: 'certs' },
    force: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new CliUsageError('labels takes OUT.html.');
  const { html, count } = await makeLabelPage(resolve(values.certs));
  await writeOutput(resolve(file), html, { force: values.force });
  process.stderr.write(`Wrote ${file} with ${counted(count, 'label')}. Open it in a browser and print it.\n`);
  return 0;
}
