// The time zone: this computer's own first, then the names that boards can be told; anything else as a POSIX string.

import type { Slot } from '../../core/firmware/templateParts';
import { TIME_ZONE_NAMES } from '../../core/firmware/timeZoneNames';
import { ask, pick } from './prompts';

/** A name of the table or a POSIX string. */
export async function askTimeZone(slot: Slot): Promise<string> {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const names = Object.keys(TIME_ZONE_NAMES);
  const first = names.includes(own) ? [own] : [];
  const rows = [...first, 'UTC', ...names.filter((name) => name !== own && name !== 'UTC'), undefined];
  const name = await pick('New Secure Sketch: time zone', rows, (zone) =>
    zone === undefined
      ? { label: 'Another…', detail: 'As a POSIX string' }
      : { label: zone, description: zone === own ? 'of this computer' : (TIME_ZONE_NAMES[zone] ?? '') },
  );
  return name ?? ask(slot, slot.default ?? '');
}
