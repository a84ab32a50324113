// The TLS stacks on the boards, as far as they limit which certificates we may make.
import { UserError } from '../errors';

export interface BoardStack {
  readonly name: string;
  /** Compares an IP address with iPAddress entries of the SAN. Mbed TLS does from 3.5.0 (its ChangeLog, feature
   * "IP and URI subjectAltNames"); BearSSL's x509_minimal compares dNSName entries and the CN only. */
  readonly matchesIpAddress: boolean;
}

export const boardStacks = {
  any: { name: 'any board', matchesIpAddress: false },
  'mbedtls-2.28': { name: 'Mbed TLS 2.28 (ESP-IDF 4, Arduino-ESP32 2)', matchesIpAddress: false },
  'mbedtls-3': { name: 'Mbed TLS 3.0 to 3.4 (ESP-IDF 5.0 and 5.1)', matchesIpAddress: false },
  'mbedtls-3.5': { name: 'Mbed TLS 3.5 and later (ESP-IDF 5.2 and later)', matchesIpAddress: true },
  bearssl: { name: 'BearSSL (ESP8266)', matchesIpAddress: false },
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
