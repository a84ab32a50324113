// The form in which esp_secure_cert stores certificates and keys, and whether what is stored fits together.
// As Espressif's tool: PEM stays PEM, with a NUL behind it, DER stays DER; keys in the traditional form of OpenSSL.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { UserError } from '../../core/errors';
import { type SecureCertEntry, SecureCertFlag, SecureCertType } from '../../core/firmware/secureCertFormat';
import { pemCertificates } from '../pki/pemCertificates';

/** `what` names it in errors. A chain stays a chain. */
export function storedCertificate(bytes: Uint8Array, what: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (text.includes('-----BEGIN')) {
    const chain = pemCertificates(text.replace(/\0+$/, ''), what);
    return withNul(chain.map((certificate) => certificate.toString()).join(''));
  }
  try {
    return new Uint8Array(new X509Certificate(bytes).raw);
  } catch (error) {
    throw new UserError('certificate-unusable', `${what} is no certificate, neither PEM nor DER.`, undefined, {
      cause: error,
    });
  }
}

export function storedPrivateKey(bytes: Uint8Array, what: string): Uint8Array {
  const isPem = new TextDecoder().decode(bytes).includes('-----BEGIN');
  const key = readKey(bytes, isPem, what);
  const forms: Readonly<Record<string, 'pkcs1' | 'sec1'>> = { ec: 'sec1', rsa: 'pkcs1' };
  const type = forms[key.asymmetricKeyType ?? ''];
  if (!type)
    throw new UserError(
      'key-unusable',
      `${what} is of the kind ${key.asymmetricKeyType}; boards take ECDSA and RSA keys.`,
    );
  if (isPem) return withNul(key.export({ type: type as 'pkcs1', format: 'pem' }).toString());
  return new Uint8Array(key.export({ type: type as 'pkcs1', format: 'der' }));
}

function readKey(bytes: Uint8Array, isPem: boolean, what: string): KeyObject {
  const buffer = Buffer.from(bytes);
  const attempts = isPem
    ? [() => createPrivateKey(buffer.toString('utf8').replace(/\0+$/, ''))]
    : (['pkcs8', 'sec1', 'pkcs1'] as const).map((type) => () => createPrivateKey({ key: buffer, format: 'der', type }));
  let cause: unknown;
  for (const attempt of attempts)
    try {
      return attempt();
    } catch (error) {
      cause = error;
    }
  const encrypted = buffer.includes('ENCRYPTED');
  const message = encrypted
    ? `${what} is encrypted with a passphrase, which the firmware does not know. Decrypt it first.`
    : `${what} is no private key, neither PEM nor DER.`;
  throw new UserError('key-unusable', message, undefined, { cause });
}

function withNul(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

/** What would keep a board with these entries from connecting. Plain sentences. */
export function checkSecureCert(entries: readonly SecureCertEntry[], nowMs: number): string[] {
  const find = (type: number) => entries.find((entry) => entry.type === type && entry.subtype === 0);
  const deviceEntry = find(SecureCertType.ESP_SECURE_CERT_DEV_CERT_TLV);
  const keyEntry = find(SecureCertType.ESP_SECURE_CERT_PRIV_KEY_TLV);
  const hardware =
    find(SecureCertType.ESP_SECURE_CERT_DS_DATA_TLV) !== undefined || (keyEntry !== undefined && keyEntry.flags !== 0);
  const missing = [
    find(SecureCertType.ESP_SECURE_CERT_CA_CERT_TLV)
      ? ''
      : 'There is no CA certificate: the board cannot check its broker with it.',
    deviceEntry ? '' : 'There is no device certificate.',
    keyEntry || hardware ? '' : 'There is no private key.',
  ].filter((sentence) => sentence !== '');
  const device = deviceEntry && certificateOf(deviceEntry.data);
  if (deviceEntry && !device) return [...missing, 'The device certificate cannot be read.'];
  if (device && Date.parse(device.validTo) < nowMs)
    missing.push(`The device certificate expired on ${device.validTo}.`);
  if (!device || !keyEntry || hardware) return missing;
  try {
    const key = readKey(keyEntry.data, keyEntry.data[0] === 0x2d, 'The private key');
    if (!device.checkPrivateKey(key)) missing.push('The private key does not belong to the device certificate.');
  } catch (error) {
    missing.push(error instanceof UserError ? error.message : 'The private key cannot be read.');
  }
  return missing;
}

/** For people: whose certificate, what kind of key. Never the key itself. */
export function describeSecureCertEntry({ type, flags, data }: SecureCertEntry): string {
  if (type === SecureCertType.ESP_SECURE_CERT_CA_CERT_TLV || type === SecureCertType.ESP_SECURE_CERT_DEV_CERT_TLV) {
    const certificate = certificateOf(data);
    if (!certificate) return 'not a certificate';
    const until = new Date(certificate.validTo).toISOString().slice(0, 10);
    return `${certificate.subject.replaceAll('\n', ', ')}, until ${until}`;
  }
  if (type !== SecureCertType.ESP_SECURE_CERT_PRIV_KEY_TLV) return '';
  if (flags & SecureCertFlag.hmacEncrypted) return 'encrypted with a key in the eFuses';
  if (flags & SecureCertFlag.hmacDerivedEcdsa) return 'derived from a key in the eFuses';
  if (flags & SecureCertFlag.ecdsaPeripheral) return "in the chip's ECDSA peripheral";
  return 'in clear (hidden)';
}

function certificateOf(data: Uint8Array): X509Certificate | undefined {
  try {
    const isText = data[0] === 0x2d;
    return new X509Certificate(isText ? Buffer.from(data).toString('utf8').replace(/\0+$/, '') : data);
  } catch {
    return undefined;
  }
}
