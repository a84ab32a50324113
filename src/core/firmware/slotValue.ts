// Which values a slot takes. Each check returns the reason for a refusal, in words that say what to write instead.
import { assertNever } from '../errors';
import type { SlotKind } from './templateParts';
import { refuseTimeZone, toPosixTimeZone } from './timeZone';

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
/** Raw control characters and lone surrogates: neither MQTT (1.5.3) nor X.509 names take them. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/** The longest topic: AWS IoT Core takes 256 bytes, and it leaves room in a 1 kB packet buffer. */
const TOPIC_BYTES = 256;

function refuseHost(value: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value);
  if (scheme) return `write the host alone, without "${scheme[0]}"`;
  if (/^[^:]+:\d+$/.test(value)) return 'write the host alone; the port is a value of its own';
  if (value.includes('/')) return 'write the host alone, without a path';
  if (value.includes(':')) return 'IPv6 addresses do not work here; use a name or an IPv4 address';
  if (/^[\d.]+$/.test(value)) {
    const octets = value.split('.');
    const legal = octets.length === 4 && octets.every((o) => /^(0|[1-9]\d{0,2})$/.test(o) && Number(o) <= 255);
    return legal ? undefined : 'this is no IPv4 address: four numbers from 0 to 255 without leading zeros';
  }
  if (value.length > 253) return 'a host name has at most 253 characters';
  if (value.endsWith('.')) return 'leave out the dot at the end: the board compares the name with the certificate';
  const labels = value.split('.');
  const legal = labels.every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
  return legal ? undefined : 'a host name has letters, digits, "-" and "." only (write others in Punycode, xn--…)';
}

/** The device id is MQTT client id, certificate CN, and a topic level at once; so it keeps to what all of them take. */
function refuseDeviceId(value: string): string | undefined {
  if ([...value].length > 64 || utf8Length(value) > 64) {
    return 'a device name has at most 64 characters (the limit of a certificate CN, RFC 5280)';
  }
  if (/[/+#]/.test(value)) return 'a device name has no "/", "+" or "#": it is a topic level too';
  if (/^[\p{L}\p{N}]([\p{L}\p{N} ._:@-]*[\p{L}\p{N}_-])?$/u.test(value)) return undefined;
  return 'a device name has letters, digits and ". _ : @ -", and starts with a letter or a digit';
}

function refuseTopic(value: string): string | undefined {
  if (utf8Length(value) > TOPIC_BYTES) return `a topic has at most ${TOPIC_BYTES} bytes here`;
  return undefined;
}

function refusePublishTopic(value: string): string | undefined {
  if (/[+#]/.test(value)) return 'a topic to publish to has no wildcards ("+", "#")';
  if (value.startsWith('$') && !value.startsWith('$aws/')) return 'topics that start with "$" belong to the broker';
  return refuseTopic(value);
}

function refuseTopicFilter(value: string): string | undefined {
  const levels = value.split('/');
  const legal = levels.every(
    (level, i) => level === '+' || (level === '#' && i === levels.length - 1) || !/[+#]/.test(level),
  );
  if (!legal) return '"+" stands alone in its level, and "#" alone in the last one';
  return refuseTopic(value);
}

const ARMOURS = {
  certificate: 'CERTIFICATE',
  privateKey: '(?:RSA |EC )?PRIVATE KEY',
  publicKey: 'PUBLIC KEY',
} as const;

function refusePem(value: string, kind: 'certificate' | 'privateKey' | 'publicKey'): string | undefined {
  const armour = ARMOURS[kind];
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(value)) {
    return 'the key is encrypted, and a board has nobody to type the passphrase; use an unencrypted device key';
  }
  const block = `-----BEGIN ${armour}-----\\r?\\n[A-Za-z0-9+/=\\r\\n]+-----END ${armour}-----`;
  if (new RegExp(`^(?:[^-]*${block})+\\s*$`).test(value)) return undefined;
  if (kind !== 'privateKey' && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value))
    return 'this is a private key: keep it to itself';
  return `this is no PEM ${{ certificate: 'certificate', privateKey: 'private key', publicKey: 'public key' }[kind]}`;
}

/** The reason why `value` cannot fill a slot of `kind`, or undefined where it can. Empty values are the caller's. */
export function refuseSlotValue(kind: SlotKind, value: string): string | undefined {
  if (kind === 'certificate' || kind === 'privateKey' || kind === 'publicKey') return refusePem(value, kind);
  if (kind === 'text') return value.includes('\0') || /\p{Cs}/u.test(value) ? 'it holds a NUL character' : undefined;
  if (UNFIT.test(value)) return 'it holds a line break or another control character';
  switch (kind) {
    case 'host':
      return refuseHost(value);
    case 'port':
      return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535 ? undefined : 'a port is a number from 1 to 65535';
    case 'seconds':
      return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 86400
        ? undefined
        : 'this is a number of seconds from 1 to 86400';
    case 'version':
      return /^[1-9]\d{0,8}$/.test(value) ? undefined : 'a firmware version is a whole number from 1 to 999999999';
    case 'pin':
      return /^\d{1,2}$/.test(value) && Number(value) <= 48 ? undefined : 'a GPIO is a number from 0 to 48';
    case 'dhtSensor':
      return /^DHT(11|22|20)$/.test(value) ? undefined : 'write DHT11, DHT22 or DHT20';
    case 'timeZone':
      return refuseTimeZone(value);
    case 'deviceId':
      return refuseDeviceId(value);
    case 'publishTopic':
      return refusePublishTopic(value);
    case 'topicFilter':
      return refuseTopicFilter(value);
    case 'ssid':
      return utf8Length(value) <= 32 ? undefined : 'a Wi-Fi name has at most 32 bytes';
    case 'wifiPassword':
      return (utf8Length(value) >= 8 && utf8Length(value) <= 63) || /^[0-9A-Fa-f]{64}$/.test(value)
        ? undefined
        : 'a WPA passphrase has 8 to 63 characters (or 64 hexadecimal digits)';
    case 'hexKey':
      return /^([0-9A-Fa-f]{2}){16,32}$/.test(value)
        ? undefined
        : 'a pre-shared key is 32 to 64 hexadecimal digits (16 to 32 bytes)';
    default:
      return assertNever(kind);
  }
}

/** A value as it is written into the project: a time zone by name becomes its POSIX string, others stay as they are. */
export function canonicalSlotValue(kind: SlotKind, value: string): string {
  return kind === 'timeZone' ? (toPosixTimeZone(value) ?? value) : value;
}
