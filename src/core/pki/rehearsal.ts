// A rehearsal of a day to come: what of today's certificates no longer works then, and who feels it how.
import type { CertificateRole } from './certificateProfile';
import type { InventoryRecord } from './inventory';

export interface Breakage {
  readonly record: InventoryRecord;
  /** What happens on that day, one sentence. */
  readonly effect: string;
}

const EFFECTS: Readonly<Record<CertificateRole, string>> = {
  authority:
    'every certificate that it signed stops with it: brokers and boards must get a new authority while the old one still works.',
  intermediate: 'every certificate that it signed stops with it: brokers and boards must be given new ones before.',
  broker:
    'PCs, ESP8266 boards and ESP32 boards that check dates refuse the broker; other ESP32 boards go on in silence.',
  device: 'the broker refuses this board until it gets a new certificate.',
  operator: 'the broker refuses this person until they get a new certificate.',
};

/** The certificates in use that have ended by `dayMs`, in the order in which they end. */
export function rehearse(records: readonly InventoryRecord[], dayMs: number): Breakage[] {
  return records
    .filter((record) => record.status === 'valid' && Date.parse(record.notAfter) <= dayMs)
    .sort((a, b) => a.notAfter.localeCompare(b.notAfter))
    .map((record) => ({ record, effect: `Since ${record.notAfter.slice(0, 10)} ${EFFECTS[record.role]}` }));
}
