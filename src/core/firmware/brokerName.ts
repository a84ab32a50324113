// Will the board find the host it is given in the broker's certificate? Asked when a sketch is made, not when it fails.
import { dnsNameMatches } from '../diagnose/hostName';
import type { GeneralName } from '../x509/generalName';

export interface BrokerNames {
  /** Where the certificate was found, for messages. */
  readonly file: string;
  readonly names: readonly GeneralName[];
}

const isAddress = (host: string): boolean => /^\d+(\.\d+){3}$/.test(host);

/** Mbed TLS compares IP addresses from 3.5.0 on: arduino-esp32 3.x and ESP-IDF from 5.2 have it, 2.x and BearSSL not. */
export function comparesIpAddresses(board: string): boolean {
  return board !== 'esp8266';
}

/** One line for the user, or undefined where the name fits (or no certificate is known). */
export function warnAboutBrokerName(
  host: string,
  brokers: readonly BrokerNames[],
  comparesIps: boolean,
): string | undefined {
  const [first] = brokers;
  if (!first) return undefined;
  const all = brokers.flatMap((broker) => broker.names);
  if (all.some((name) => name.type === 'dns' && dnsNameMatches(name.value, host))) return undefined;
  if (isAddress(host) && all.some((name) => name.type === 'ip' && name.value === host)) {
    if (comparesIps) return undefined;
    return `The broker certificate (${first.file}) has ${host} as an IP address only, and this board compares DNS names only. Make a broker certificate with "${host}" as a DNS name too.`;
  }
  const shown = all.filter((name) => name.type === 'dns' || name.type === 'ip').map((name) => name.value);
  const offered = [...new Set(shown)]; // an address is often there in both forms
  return `The broker certificate (${first.file}) is not good for "${host}": the board will refuse it (-0x2700). It is good for: ${offered.join(', ') || 'no name at all'}. Use one of these as the host, or make a broker certificate for "${host}".`;
}

/** The name to propose as host: a DNS name that is not this computer's own, else an address, else whatever there is. */
export function proposeHost(brokers: readonly BrokerNames[]): string | undefined {
  const names = brokers.flatMap((broker) => broker.names).filter((name) => name.type === 'dns' || name.type === 'ip');
  const usable = names.filter((name) => !name.value.includes('*') && !name.value.includes(':'));
  const local = (value: string): boolean => value === 'localhost' || value.startsWith('127.');
  return (
    usable.find((name) => name.type === 'dns' && !local(name.value)) ??
    usable.find((name) => !local(name.value)) ??
    usable[0]
  )?.value;
}
