// Finds the entry of a hit: by the part that matters, then by name, else from the name itself.
import type { Hit } from '../decode/recognizer';
import { alertEntry } from './alerts';
import { bearsslEntries } from './bearssl';
import { crashEntries, resetEntry } from './crash';
import type { Entry } from './entry';
import { genericEntry } from './genericEntry';
import { mbedtlsEntries, outOfMemory } from './mbedtls';
import { mqttEntries } from './mqtt';
import { networkEntries } from './network';
import { opensslEntry } from './openssl';
import { x509Entries } from './x509';

const ENTRIES: ReadonlyMap<string, Entry> = new Map(
  [mbedtlsEntries, x509Entries, mqttEntries, networkEntries, bearsslEntries, crashEntries].flatMap((entries) =>
    Object.entries(entries),
  ),
);

/** Every code that means memory, whatever else it says. */
const MEMORY = /ALLOC_FAILED$|INSUFFICIENT_MEMORY$|^ESP_ERR_NO_MEM$|NOT_ENOUGH_RAM$|TOO_LESS_RAM$/;

export function entryFor(hit: Hit): Entry {
  return ownEntry(hit) ?? genericEntry(hit);
}

/** Whether more can be said of it than its name. */
export function hasOwnEntry(hit: Hit): boolean {
  return ownEntry(hit) !== undefined;
}

function ownEntry(hit: Hit): Entry | undefined {
  // A combined code that ran out of memory is about memory, whatever its high part says.
  const memory = hit.also?.find((name) => /ALLOC_FAILED$|INSUFFICIENT_MEMORY$/.test(name));
  const name = hit.name.replace(/^WIFI_DISCONNECT_REASON_/, 'WIFI_REASON_');
  const others = hit.also ?? [];
  return (
    ENTRIES.get(memory ?? name) ??
    (memory || MEMORY.test(name) ? outOfMemory('') : undefined) ??
    (hit.family === 'openssl' ? opensslEntry(name) : undefined) ??
    (hit.family === 'reset' ? resetEntry(name) : undefined) ??
    alertEntry(name) ??
    (/FATAL_ALERT$/.test(name) ? others.map(alertEntry).find(Boolean) : undefined) ??
    // Another name of the very same number: Wi-Fi reasons and CONNACK codes have several.
    (hit.family === 'wifi' || hit.family === 'mqtt' ? others.map((one) => ENTRIES.get(one)).find(Boolean) : undefined)
  );
}
