// Finds the entry of a hit: by the part that matters, then by name, else from the name itself.
import type { Hit } from '../decode/recognizer';
import { alertDirection, alertEntry } from './alerts';
import { bearsslEntries } from './bearssl';
import { bearsslRareEntries } from './bearsslRare';
import { crashEntries, resetEntry } from './crash';
import { crashRareEntries } from './crashRare';
import type { Entry } from './entry';
import { errnoRareEntries } from './errnoRare';
import { ESP_ERR_GROUPS, espErrEntries } from './espErr';
import { espTlsEntries } from './espTls';
import { genericEntry } from './genericEntry';
import { mbedtlsEntries, outOfMemory } from './mbedtls';
import { MBEDTLS_GROUPS, mbedtlsRareEntries } from './mbedtlsRare';
import { mosquittoEntries } from './mosquitto';
import { mqttEntries } from './mqtt';
import { mqtt5Entries } from './mqtt5';
import { networkEntries } from './network';
import { nvsEntries } from './nvs';
import { opensslEntries } from './openssl';
import { psaEntries } from './psa';
import { updateEntries } from './update';
import { wifiEntries } from './wifiReasons';
import { x509Entries } from './x509';

/** Where two files have the same name, the last one keeps it: what is met often is told at length. */
export const ENTRIES: ReadonlyMap<string, Entry> = new Map(
  [
    bearsslRareEntries,
    crashRareEntries,
    errnoRareEntries,
    espErrEntries,
    espTlsEntries,
    mbedtlsRareEntries,
    mosquittoEntries,
    mqtt5Entries,
    nvsEntries,
    psaEntries,
    updateEntries,
    wifiEntries,
    mbedtlsEntries,
    x509Entries,
    mqttEntries,
    networkEntries,
    bearsslEntries,
    crashEntries,
  ].flatMap((entries) => Object.entries(entries)),
);

const GROUPS = [...MBEDTLS_GROUPS, ...ESP_ERR_GROUPS];

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
  const direction = alertDirection(hit);
  // A combined code that ran out of memory is about memory, whatever its high part says.
  const memory = hit.also?.find((name) => /ALLOC_FAILED$|INSUFFICIENT_MEMORY$/.test(name));
  const name = hit.name.replace(/^WIFI_DISCONNECT_REASON_/, 'WIFI_REASON_');
  const others = hit.also ?? [];
  // "A fatal alert came" says less than the alert itself, where that is known.
  const alert = /FATAL_ALERT$/.test(name)
    ? others.map((other) => alertEntry(other, direction)).find(Boolean)
    : undefined;
  return (
    alert ??
    (hit.family === 'openssl' ? opensslEntries[name] : undefined) ??
    ENTRIES.get(memory ?? name) ??
    (memory || MEMORY.test(name) ? outOfMemory('') : undefined) ??
    (hit.family === 'reset' ? resetEntry(name) : undefined) ??
    alertEntry(name, direction) ??
    (hit.family === 'mbedtls' || hit.family === 'esp_err'
      ? GROUPS.find(([names]) => names.test(name))?.[1]
      : undefined) ??
    // Another name of the very same number: Wi-Fi reasons and CONNACK codes have several.
    (hit.family === 'wifi' || hit.family === 'mqtt' ? others.map((one) => ENTRIES.get(one)).find(Boolean) : undefined)
  );
}
