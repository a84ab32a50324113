// Writes src/core/decode/tables/*.json from code tables extracted from the official headers.
//   node scripts/generateDecodeTables.mjs FOLDER     (FOLDER holds mbedtls216.json … x509_flags.json, see test/fixtures/truth)
// Each table keeps the repository and commit it was read from in `source`.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv[2];
if (!folder) {
  console.error('Usage: node scripts/generateDecodeTables.mjs FOLDER');
  process.exit(2);
}
const read = async (name) => JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
const write = (name, value) =>
  writeFile(join(root, 'src/core/decode/tables', `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
const sourceOf = (meta) => [meta.source ?? meta.sources].flat().map((s) => `${s.repo}@${s.commit.slice(0, 12)}`);
const sorted = (map) => Object.fromEntries([...map].sort(([a], [b]) => Number(a) - Number(b)));

/** Mbed TLS: code (positive, decimal) -> [name, versions] pairs; one pair where all versions that have it agree. */
const versions = { 2.16: 'mbedtls216', 2.28: 'mbedtls28', 3.6: 'mbedtls3', '4.x': 'mbedtls4' };
const codes = new Map();
const sources = {};
const add = (decimal, version, name) => {
  const key = String(-decimal);
  const names = codes.get(key) ?? new Map();
  names.set(name, [...(names.get(name) ?? []), version]);
  codes.set(key, names);
};
for (const version of ['2.16', '2.28', '3.6', '4.x']) {
  const table = await read(versions[version]);
  sources[version] = sourceOf(table._meta);
  for (const entries of Object.values(table.entries)) for (const e of entries) add(e.decimal, version, e.name);
}
await write('mbedtls', {
  source: sources,
  codes: sorted([...codes].map(([code, names]) => [code, [...names].map(([name, vs]) => `${name} ${vs.join(' ')}`)])),
});

const espErr = await read('esp_err');
await write('espErr', {
  source: sourceOf(espErr._meta),
  codes: sorted(
    Object.values(espErr.entries)
      .flat()
      .map((e) => [String(e.decimal), e.name]),
  ),
});

const espTls = await read('esp_tls_by_idf_version');
await write('espTls', {
  source: Object.entries(espTls._meta.commits ?? {}).map(
    ([v, c]) => `espressif/esp-idf@${String(c.commit ?? c).slice(0, 12)} (${v})`,
  ),
  codes: sorted(
    Object.entries(espTls.entries).map(([hex, byVersion]) => {
      const names = new Map();
      for (const [version, name] of Object.entries(byVersion)) {
        for (const one of [name].flat().filter(Boolean))
          names.set(one, [...(names.get(one) ?? []), version.replace('v', '')]);
      }
      return [String(Number(hex)), [...names].map(([name, vs]) => `${name} ${vs[0]} ${vs.at(-1)}`)];
    }),
  ),
});

const wifi = await read('wifi_reason');
await write('wifiReasons', {
  source: sourceOf(wifi._meta),
  codes: Object.fromEntries(
    Object.entries(wifi.entries).map(([code, by]) => {
      const order = ['idf_head', 'idf_5.5', 'idf_4.4', 'esp8266_arduino'];
      return [code, [...new Set(order.flatMap((k) => (by[k] ?? []).map((e) => e.name)))]];
    }),
  ),
  beforeIdf6: Object.fromEntries(
    Object.entries(wifi.entries)
      .filter(([, by]) => by['idf_4.4'] && by.idf_head && by['idf_4.4'][0].name !== by.idf_head[0].name)
      .map(([code, by]) => [code, by['idf_4.4'][0].name]),
  ),
});

const errno = await read('lwip_errno');
await write('errno', {
  source: sourceOf(errno._meta),
  getaddrinfo: errno._meta.getaddrinfo,
  lwipErr: errno._meta.lwip_err_t,
  newlib: Object.fromEntries(
    Object.entries(errno.entries)
      .filter(([, e]) => e.newlib ?? e.picolibc)
      .map(([n, e]) => [n, (e.newlib ?? e.picolibc)[0].name]),
  ),
  lwip: Object.fromEntries(
    Object.entries(errno.entries)
      .filter(([, e]) => e.lwip && e.lwip[0].name !== (e.newlib ?? e.picolibc)?.[0].name)
      .map(([n, e]) => [n, e.lwip[0].name]),
  ),
});

const reset = await read('rom_reset_reason');
await write('resetReasons', {
  source: sourceOf(reset._meta),
  chips: Object.fromEntries(
    Object.entries(reset.entries).map(([chip, map]) => [
      chip,
      Object.fromEntries(Object.entries(map).map(([n, e]) => [n, e.name])),
    ]),
  ),
});

const flags = await read('x509_flags');
await write('x509Flags', {
  source: sourceOf(flags._meta),
  flags: Object.fromEntries(Object.entries(flags.entries).map(([bit, e]) => [String(Number(bit)), e.name])),
});

const bearssl = await read('bearssl');
await write('bearssl', {
  source: sourceOf(bearssl._meta),
  alerts: bearssl._meta.alerts,
  codes: Object.fromEntries(Object.entries(bearssl.entries).map(([n, e]) => [n, e.name])),
  strings: Object.fromEntries(
    Object.entries(bearssl.entries)
      .filter(([, e]) => e.arduino_string)
      .map(([n, e]) => [n, e.arduino_string]),
  ),
});

const simple = async (from, to) => {
  const table = await read(from);
  await write(to, {
    source: sourceOf(table._meta),
    codes: Object.fromEntries(Object.entries(table.entries).map(([n, e]) => [n, e.name ?? [e].flat()[0]])),
  });
};
await simple('tls_alerts', 'tlsAlerts');
await simple('pubsubclient', 'pubsubclient');
await simple('httpclient', 'httpclient');
await simple('esp8266_exceptions', 'esp8266Exceptions');
const mqtt5 = await read('mqtt5_reason');
await write('mqtt', {
  source: sourceOf(mqtt5._meta),
  connack: mqtt5._meta.mqtt311_connect_return_code,
  mqtt5: Object.fromEntries(Object.entries(mqtt5.entries).map(([hex, names]) => [String(Number(hex)), names])),
});
