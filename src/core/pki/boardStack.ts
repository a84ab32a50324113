// The TLS stacks on the boards, as far as they limit which certificates we may make.
import { UserError } from '../errors';
import { type KeyKind, keyKinds } from './keyKind';

export interface BoardStack {
  readonly name: string;
  /** Compares an IP address with iPAddress entries of the SAN. Mbed TLS does from 3.5.0 (its ChangeLog, feature
   * "IP and URI subjectAltNames"); BearSSL's x509_minimal compares dNSName entries and the CN only. */
  readonly matchesIpAddress: boolean;
  /** Keys that it can verify and sign with, where these are not all. */
  readonly keys?: readonly KeyKind[];
}

export const boardStacks = {
  any: { name: 'any board', matchesIpAddress: false },
  'mbedtls-2.28': { name: 'Mbed TLS 2.28 (ESP-IDF 4, Arduino-ESP32 2)', matchesIpAddress: false },
  'mbedtls-3': { name: 'Mbed TLS 3.0 to 3.4 (ESP-IDF 5.0 and 5.1)', matchesIpAddress: false },
  'mbedtls-3.5': { name: 'Mbed TLS 3.5 and later (ESP-IDF 5.2 and later)', matchesIpAddress: true },
  bearssl: { name: 'BearSSL (ESP8266)', matchesIpAddress: false },
  // "SSL Support: Basic SSL ciphers" (-DBEARSSL_SSL_BASIC): WiFiClientSecureBearSSL.cpp leaves elliptic curves out.
  'bearssl-basic': {
    name: 'BearSSL with "Basic SSL ciphers" (ESP8266)',
    matchesIpAddress: false,
    keys: ['rsa-2048', 'rsa-3072', 'rsa-4096'],
  },
} as const satisfies Record<string, BoardStack>;

export type BoardStackId = keyof typeof boardStacks;

export function parseBoardStack(text: string): BoardStackId {
  const id = (Object.keys(boardStacks) as BoardStackId[]).find((known) => known === text.toLowerCase());
  if (id) return id;
  throw new UserError(
    'board-stack',
    `"${text}" is no TLS stack that we know. Choose one of ${Object.keys(boardStacks).join(', ')}.`,
  );
}

/**
 * Throws UserError "stack-algorithm", with the alternative, for a key that the boards cannot use: the certificate's own,
 * or that of an authority above it (`name` is whose it is).
 */
export function checkKeyForStack(
  stack: BoardStackId,
  key: { readonly kind: KeyKind; readonly name: string; readonly isAuthority: boolean },
): void {
  const { name, keys }: BoardStack = boardStacks[stack];
  if (!keys || keys.includes(key.kind)) return;
  const kind = keyKinds[key.kind];
  const [alternative = key.kind] = keys;
  throw new UserError(
    'stack-algorithm',
    key.isAuthority
      ? `${name} cannot verify what "${key.name}" signs: its key is ${kind}. Make an authority with --key-type ${alternative} in another folder, or build the firmware with all SSL ciphers.`
      : `${name} cannot use a certificate with an ${kind} key. Choose ${keyKinds[alternative]} (--key-type ${alternative}) for "${key.name}", or build the firmware with all SSL ciphers.`,
  );
}
