// Keys that come twice in one namespace: the generator stores both, the firmware reads only one.
import { UserError } from '../errors';
import type { NvsRow } from './nvsFormat';

/** Throws UserError `nvs-csv-duplicate` for the first one. */
export function refuseNvsDuplicates(rows: readonly NvsRow[]): void {
  const seen = new Set<string>();
  let namespace = '';
  for (const row of rows) {
    if (row.kind === 'namespace') {
      namespace = row.key;
      continue;
    }
    const id = `${namespace}/${row.key}`;
    if (seen.has(id))
      throw new UserError(
        'nvs-csv-duplicate',
        `The key "${row.key}" comes twice in the namespace "${namespace}"; the firmware would read only one of them. Remove one.`,
      );
    seen.add(id);
  }
}
