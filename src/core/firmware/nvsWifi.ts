// Entries that Espressif's generator adds by itself beside Wi-Fi credentials, so that the driver accepts them.
import type { NvsRow } from './nvsFormat';

/** PBKDF2 with HMAC-SHA-1, 4096 rounds, 32 bytes: WPA's pairwise master key. */
export type WifiKeyDerivation = (password: string, ssid: string) => Uint8Array;

export function withWifiExtras(rows: readonly NvsRow[], derive: WifiKeyDerivation): NvsRow[] {
  const accessPoint = new Map<string, string>();
  let stationDone = false;
  return rows.flatMap((row) => {
    if (row.kind !== 'entry') return [row];
    if (row.key === 'sta.ssid' || row.key === 'sta.pswd') {
      if (stationDone) return [row];
      stationDone = true;
      return [row, blob('sta.apinfo', 140, 0xff), blob('sta.pmk', 32, 0), blob('sta.apsw', 2, 0)];
    }
    if (row.key !== 'ap.ssid' && row.key !== 'ap.passwd' && row.key !== 'ap.authmode') return [row];
    const text = plainText(row);
    if (row.key !== 'ap.authmode' || text !== '0') accessPoint.set(row.key, text);
    const [ssid, password, mode] = ['ap.ssid', 'ap.passwd', 'ap.authmode'].map((key) => accessPoint.get(key));
    if (!ssid || !password || !mode) return [row];
    const info = new Uint8Array(132);
    info.set(derive(password, ssid), 100);
    return [{ kind: 'entry', key: 'ap.pmk_info', value: { kind: 'blob', bytes: info } }, row];
  });
}

function blob(key: string, length: number, fill: number): NvsRow {
  return { kind: 'entry', key, value: { kind: 'blob', bytes: new Uint8Array(length).fill(fill) } };
}

function plainText({ value }: Extract<NvsRow, { kind: 'entry' }>): string {
  return value.kind === 'integer' ? String(value.value) : new TextDecoder().decode(value.bytes);
}
