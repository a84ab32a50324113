// New entries into the content of an NVS, without losing what else is there (Wi-Fi credentials, calibration).
import type { NvsRow, NvsValue } from './nvsFormat';

/** `rows` with `entries` set in `namespace`: replaced where they stand, else at its end; the namespace is made if needed. */
export function setNvsEntries(
  rows: readonly NvsRow[],
  namespace: string,
  entries: ReadonlyMap<string, NvsValue>,
): NvsRow[] {
  const left = new Map(entries);
  const result: NvsRow[] = [];
  let current = '';
  const flush = () => {
    if (current !== namespace) return;
    for (const [key, value] of left) result.push({ kind: 'entry', key, value });
    left.clear();
  };
  for (const row of rows) {
    if (row.kind === 'namespace') {
      flush();
      current = row.key;
      result.push(row);
      continue;
    }
    const value = current === namespace ? left.get(row.key) : undefined;
    if (value) left.delete(row.key);
    result.push(value ? { ...row, value } : row);
  }
  flush();
  if (left.size === 0) return result;
  result.push({ kind: 'namespace', key: namespace });
  for (const [key, value] of left) result.push({ kind: 'entry', key, value });
  return result;
}
