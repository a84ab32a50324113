// Which NVS values must not be shown without being asked for: keys, passwords, tokens.
import type { NvsRow, NvsValue } from './nvsFormat';

const secretName =
  /pass|pswd|pwd|psk|pmk|apsw|secret|token|(^|[^a-z])key([^a-z]|$)|(priv|dev|device|client|enc|aes|hmac)key|ds_data/i;

export function isNvsSecret(key: string, value: NvsValue): boolean {
  return value.kind !== 'integer' && (secretName.test(key) || isPrivateKey(value.bytes));
}

export function hasPrivateKey(rows: readonly NvsRow[]): boolean {
  return rows.some((row) => row.kind === 'entry' && row.value.kind !== 'integer' && isPrivateKey(row.value.bytes));
}

/** PEM or DER. */
function isPrivateKey(bytes: Uint8Array): boolean {
  return /PRIVATE KEY/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 4000))) || isDerPrivateKey(bytes);
}

export function countNvsSecrets(rows: readonly NvsRow[]): number {
  return rows.filter((row) => row.kind === 'entry' && isNvsSecret(row.key, row.value)).length;
}

/** SEC 1 (SEQUENCE, INTEGER 1, OCTET STRING) or PKCS#8 and PKCS#1 (SEQUENCE, INTEGER 0, SEQUENCE or INTEGER). */
function isDerPrivateKey(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const lengthByte = bytes[1] ?? 0;
  const at = 2 + (lengthByte >= 0x80 ? lengthByte - 0x80 : 0);
  const [tag, length, version, next] = bytes.subarray(at, at + 4);
  if (tag !== 0x02 || length !== 1) return false;
  return (version === 1 && next === 0x04) || (version === 0 && (next === 0x30 || next === 0x02));
}
