// Names of partition types and subtypes, as ESP-IDF's gen_esp32part.py and esp_partition.h have them.

export const PARTITION_TYPES: Readonly<Record<string, number>> = { app: 0, data: 1, bootloader: 2, partition_table: 3 };

const subtypes: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  0: {
    factory: 0x00,
    ...Object.fromEntries(Array.from({ length: 16 }, (_, slot) => [`ota_${slot}`, 0x10 + slot])),
    test: 0x20,
  },
  1: {
    ota: 0x00,
    phy: 0x01,
    nvs: 0x02,
    coredump: 0x03,
    nvs_keys: 0x04,
    efuse: 0x05,
    undefined: 0x06,
    esphttpd: 0x80,
    fat: 0x81,
    spiffs: 0x82,
    littlefs: 0x83,
  },
  2: { primary: 0x00, ota: 0x01, recovery: 0x02 },
  3: { primary: 0x00, ota: 0x01 },
};

export function partitionSubtype(type: number, name: string): number | undefined {
  const known = subtypes[type];
  return known && Object.hasOwn(known, name) ? known[name] : undefined;
}

/** Those that have a name, for a message; empty where none has. */
export function partitionSubtypeNames(type: number): string {
  const names = Object.keys(subtypes[type] ?? {}).filter((name) => !/^ota_([1-9]|1\d)$/.test(name));
  return names.join(', ').replace('ota_0', 'ota_0 to ota_15');
}

export function partitionTypeName(type: number): string {
  return Object.entries(PARTITION_TYPES).find(([, value]) => value === type)?.[0] ?? `0x${type.toString(16)}`;
}

export function partitionSubtypeName(type: number, subtype: number): string {
  const name = Object.entries(subtypes[type] ?? {}).find(([, value]) => value === subtype)?.[0];
  return name ?? `0x${subtype.toString(16)}`;
}
