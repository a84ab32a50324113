// The time zone: this computer's own first, then the names that boards can be told; anything else as a POSIX string.

import type { Slot } from '../../core/firmware/templateParts';
import { TIME_ZONE_NAMES } from '../../core/firmware/timeZoneNames';
import { BACK, type Step } from './guidedFlow';
import { askSlot, pick } from './prompts';

/** A name of the table or a POSIX string. */
export async function askTimeZone(step: Step, slot: Slot): Promise<string | typeof BACK> {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const row = (name: string) => ({ label: name, description: TIME_ZONE_NAMES[name] ?? '', value: name });
  const mine = own in TIME_ZONE_NAMES && own !== 'UTC' ? [{ ...row(own), description: 'of this computer' }] : [];
  const others = Object.keys(TIME_ZONE_NAMES).filter((name) => name !== own && name !== 'UTC');
  const another = { label: 'Another…', description: 'as a POSIX string', value: '' };
  for (;;) {
    const rows = [...mine, row('UTC'), ...others.map(row), another];
    const name = await pick(step, 'time zone', rows, 'The board prints the time of its reports in it');
    if (name !== '') return name;
    const typed = await askSlot(step, slot, slot.default ?? '', 'Such as CET-1CEST,M3.5.0,M10.5.0/3');
    if (typed !== BACK) return typed;
  }
}
