// Certificates as text for other tools: a C header for sketches, and the fleet as a table.
import type { InventoryRecord } from './inventory';

export interface ExportedIdentity {
  /** PEM texts. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Raw string literals, so that no line break can get lost. `progmem` keeps them in flash on an ESP8266. */
export function cHeader({ ca, certificate, key }: ExportedIdentity, progmem: boolean): string {
  const literal = (name: string, pem: string) =>
    `static const char ${name}[]${progmem ? ' PROGMEM' : ''} = R"PEM(\n${pem.trim()}\n)PEM";\n`;
  return [
    '// Holds a private key: keep this file out of git.\n#pragma once\n',
    ...(progmem ? ['#include <pgmspace.h>\n'] : []),
    literal('ROOT_CA', ca),
    literal('DEVICE_CERT', certificate),
    literal('DEVICE_KEY', key),
  ].join('\n');
}

/** What belongs into main/CMakeLists.txt of an ESP-IDF project for files in main/certs. */
export const ESP_IDF_CMAKE = `idf_component_register(SRCS "main.c"
                       INCLUDE_DIRS "."
                       EMBED_TXTFILES certs/ca.pem certs/client.crt certs/client.key)
`;

const COLUMNS = ['name', 'role', 'serial', 'fingerprint', 'issuer', 'notBefore', 'notAfter', 'status', 'file'] as const;

/** One line a certificate, RFC 4180, with a head line. Nothing secret in it. */
export function manifestCsv(records: readonly InventoryRecord[]): string {
  const rows = records.map((record) => COLUMNS.map((column) => cell(record[column])).join(','));
  return [COLUMNS.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

/** A cell that begins like a formula would be run by a spreadsheet: it gets an apostrophe in front. */
function cell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
