// Espressif's CSV for esp_secure_cert (tlv_type,tlv_subtype,data_value,data_type,priv_key_type,…): read and written.
// https://github.com/espressif/esp_secure_cert_mgr/blob/main/docs/esp_secure_cert_tools/configure_esp_secure_cert_csv.md
import { UserError } from '../errors';
import { formatCsvField, parseCsvRows } from './csvText';
import { type SecureCertEntry, SecureCertType } from './secureCertFormat';

/** What needs files and crypto: how certificates and keys get the form in which they are stored. */
export interface SecureCertSources {
  readonly readFile: (path: string) => Uint8Array;
  /** PEM or DER -> what is stored; throws UserError where it is none. */
  readonly certificate: (bytes: Uint8Array) => Uint8Array;
  readonly privateKey: (bytes: Uint8Array) => Uint8Array;
}

const COLUMNS = 'tlv_type,tlv_subtype,data_value,data_type,priv_key_type,algorithm,key_size,efuse_id,efuse_key';
const { ESP_SECURE_CERT_CA_CERT_TLV, ESP_SECURE_CERT_DEV_CERT_TLV, ESP_SECURE_CERT_PRIV_KEY_TLV } = SecureCertType;

export function parseSecureCertCsv(text: string, sources: SecureCertSources): SecureCertEntry[] {
  const [header, ...rows] = parseCsvRows(text.replace(/^\uFEFF/, ''));
  const names = (header?.fields ?? []).map((name) => name.trim());
  for (const name of ['tlv_type', 'tlv_subtype', 'data_value', 'data_type'])
    if (!names.includes(name))
      throw new UserError('secure-cert-csv', `The CSV has no column "${name}". Its first line is: ${COLUMNS}`);
  return rows
    .filter(({ fields: [first = ''] }) => !first.trim().startsWith('#'))
    .map(({ fields, line }) => {
      const field = (name: string) => (fields[names.indexOf(name)] ?? '').trim();
      return parseRow(field, `Line ${line + 1} of the CSV`, sources);
    });
}

function parseRow(field: (name: string) => string, where: string, sources: SecureCertSources): SecureCertEntry {
  const wrong = (what: string) => new UserError('secure-cert-csv', `${where}: ${what}`);
  const typeText = field('tlv_type');
  const named = Object.hasOwn(SecureCertType, typeText)
    ? SecureCertType[typeText as keyof typeof SecureCertType]
    : undefined;
  const type = named ?? wholeNumber(typeText);
  if (type === undefined || type > 253) throw wrong(`there is no TLV type "${typeText}".`);
  const subtype = wholeNumber(field('tlv_subtype'));
  if (subtype === undefined) throw wrong(`the subtype "${field('tlv_subtype')}" is not a whole number.`);
  const source = bytesOf(field('data_value'), field('data_type'), wrong, sources);
  if (type === ESP_SECURE_CERT_CA_CERT_TLV || type === ESP_SECURE_CERT_DEV_CERT_TLV)
    return { type, subtype, flags: 0, data: sources.certificate(source) };
  if (type !== ESP_SECURE_CERT_PRIV_KEY_TLV) return { type, subtype, flags: 0, data: source };
  const keyType = field('priv_key_type').toLowerCase();
  if (keyType === 'rsa_ds' || keyType === 'ecdsa_peripheral')
    throw wrong(
      `the key type "${keyType}" burns a key into the chip's eFuses, which cannot be undone; Secure IoT does not do that. Use Espressif's configure_esp_secure_cert.py with the board connected.`,
    );
  if (keyType !== 'plaintext') throw wrong(`there is no priv_key_type "${keyType}". Use plaintext.`);
  return { type, subtype, flags: 0, data: sources.privateKey(source) };
}

function bytesOf(
  value: string,
  dataType: string,
  wrong: (what: string) => UserError,
  { readFile }: SecureCertSources,
): Uint8Array {
  if (value === '') throw wrong('data_value is empty.');
  switch (dataType) {
    case 'file':
      return readFile(value);
    case 'string':
      return new TextEncoder().encode(value);
    case 'hex': {
      const digits = value.replaceAll(' ', '');
      if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) throw wrong('data_value is not hexadecimal.');
      return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    }
    case 'base64':
      try {
        return Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
      } catch {
        throw wrong('data_value is not base64.');
      }
    default:
      throw wrong(`there is no data_type "${dataType}". Use file, string, hex or base64.`);
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** A row as the tool's --parse_bin writes it; `file` relative to the CSV. */
export interface SecureCertRow {
  readonly type: string;
  readonly subtype: number;
  readonly value: string;
  readonly dataType: 'file' | 'hex';
  readonly keyType?: 'plaintext';
}

export function formatSecureCertCsv(rows: readonly SecureCertRow[]): string {
  const lines = rows.map(({ type, subtype, value, dataType, keyType = '' }) =>
    [type, String(subtype), formatCsvField(value), dataType, keyType, '', '', '', ''].join(','),
  );
  return `${[COLUMNS, ...lines].join('\n')}\n`;
}
