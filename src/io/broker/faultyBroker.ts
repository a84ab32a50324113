// The local broker with a fault, to see what a board prints, what the broker sees and what the diagnosis says of it.
//
//   const broker = await startFaultyBroker('wrong-name', { files, issuer: () => unlockAuthority(store, passphrase) });
import { randomBytes } from 'node:crypto';
import { type FaultId, faultOf } from '../../core/mqtt/brokerFaults';
import { readCertificates } from '../../core/x509/readCertificates';
import type { Issuer } from '../pki/certificateAuthority';
import type { BrokerFiles } from './brokerFiles';
import type { FaultyPair } from './faultyCertificate';
import { FAULTY_PORTS, startFaultyPort } from './faultyPort';
import { DEFAULT_BROKER_PORT, type LocalBroker, type LocalBrokerOptions, startLocalBroker } from './localBroker';

export interface FaultyBrokerOptions
  extends Pick<
    LocalBrokerOptions,
    'host' | 'port' | 'webSocketPort' | 'requireClientCertificate' | 'users' | 'onEvent'
  > {
  readonly files: BrokerFiles;
  /** Called for the faults whose certificate your authority signs. */
  readonly issuer: () => Promise<Issuer>;
}

export interface FaultyBroker extends LocalBroker {
  /** PEM: the intermediate certificate that it should send and does not. */
  readonly withheld?: string;
}

/** Throws what `startLocalBroker` and `issuer` throw. */
export async function startFaultyBroker(fault: FaultId, options: FaultyBrokerOptions): Promise<FaultyBroker> {
  const { files, issuer, ...rest } = options;
  if (fault in FAULTY_PORTS) {
    const { host = '0.0.0.0', port = DEFAULT_BROKER_PORT } = rest;
    return startFaultyPort(FAULTY_PORTS[fault as keyof typeof FAULTY_PORTS], host, port);
  }
  const { ca, certificate, key, crl } = files;
  const good = { ca, certificate, key, ...(crl === undefined ? {} : { crl }), ...rest };
  if (faultOf(fault).kind === 'certificate') {
    // Node's OpenSSL refuses to load a weak key otherwise.
    const tls = { ciphers: 'DEFAULT:@SECLEVEL=0' };
    const { withheld, ...pair } = await faultyPair(fault, files, issuer);
    return { ...(await startLocalBroker({ ...good, ...pair, tls })), ...(withheld ? { withheld } : {}) };
  }
  return startLocalBroker({ ...good, ...(await SETTINGS[fault as keyof typeof SETTINGS]()) });
}

const SETTINGS = {
  'old-tls': () => ({
    tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
  }),
  'tls13-only': () => ({ tls: { minVersion: 'TLSv1.3' } }),
  'client-cert-required': () => ({ requireClientCertificate: true }),
  'client-cert-refused': async () => {
    const { newAuthority } = await import('./faultyCertificate');
    const { certificate } = await newAuthority('An authority that signed no client', new Date());
    return { requireClientCertificate: true, ca: certificate.toString() };
  },
  login: () => ({ users: new Map([['nobody', randomBytes(16).toString('hex')]]) }),
} as const satisfies Record<string, () => Partial<LocalBrokerOptions> | Promise<Partial<LocalBrokerOptions>>>;

async function faultyPair(fault: FaultId, files: BrokerFiles, issuer: () => Promise<Issuer>): Promise<FaultyPair> {
  const { FAULTY_CERTIFICATES } = await import('./faultyCertificate');
  const [leaf] = readCertificates(files.certificate);
  const [authority] = readCertificates(files.ca);
  const names = (leaf?.subjectAltNames ?? []).flatMap(({ type, value }) =>
    type === 'dns' || type === 'ip' ? [{ type, value }] : [],
  );
  return FAULTY_CERTIFICATES[fault as keyof typeof FAULTY_CERTIFICATES]({
    names,
    authorityName: authority?.subject.commonName ?? 'CA',
    issuer,
    now: new Date(),
  });
}
