// What each kind of certificate may do (RFC 5280 section 4.2.1) and how long it lives unless told otherwise.
import type { KeyKind } from './keyKind';

export type CertificateRole = 'authority' | 'intermediate' | 'broker' | 'device' | 'operator';

export type KeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';
export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

export interface CertificateProfile {
  /** As the reader knows it. */
  readonly title: string;
  readonly days: number;
  readonly isAuthority: boolean;
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  /** Folder under the certificates folder. */
  readonly folder: string;
}

/** A fielded device is hard to reach, so its certificate lives long; a broker's is easily renewed. */
export const profiles: Readonly<Record<CertificateRole, CertificateProfile>> = {
  authority: { title: 'certificate authority', days: 7300, isAuthority: true, extendedKeyUsage: [], folder: 'ca' },
  intermediate: {
    title: 'intermediate authority',
    days: 3650,
    isAuthority: true,
    extendedKeyUsage: [],
    folder: 'intermediates',
  },
  broker: {
    title: 'broker certificate',
    days: 820, // Apple's systems refuse server certificates that live longer than 825 days
    isAuthority: false,
    extendedKeyUsage: ['serverAuth'],
    folder: 'broker',
  },
  device: {
    title: 'device certificate',
    days: 3650,
    isAuthority: false,
    extendedKeyUsage: ['clientAuth'],
    folder: 'devices',
  },
  operator: {
    title: 'operator certificate',
    days: 365,
    isAuthority: false,
    extendedKeyUsage: ['clientAuth'],
    folder: 'operators',
  },
};

/**
 * RSA keys of brokers also get keyEncipherment, for the RSA key exchange of TLS 1.2; ECDSA keys must not (RFC 8813), and
 * a client only signs (RFC 5280 section 4.2.1.12: clientAuth goes with digitalSignature).
 */
export function keyUsagesOf(role: CertificateRole, key: KeyKind): readonly KeyUsage[] {
  if (profiles[role].isAuthority) return ['keyCertSign', 'cRLSign'];
  return role === 'broker' && key.startsWith('rsa') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
}
