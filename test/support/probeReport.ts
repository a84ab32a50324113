// A TLS test's report as a healthy broker gives it, to be spoiled by a test.
import type { ProbeReport } from '../../src/core/tls/probeReport';
import { parseCertificate } from '../../src/core/x509/certificate';
import type { TestIdentity } from './testAuthority';

export function healthyReport(chain: readonly TestIdentity[], changes: Partial<ProbeReport> = {}): ProbeReport {
  const refused = { offered: false, alert: 70 };
  return {
    host: 'localhost',
    port: 8883,
    servername: 'localhost',
    timeMs: Date.now(),
    durationMs: 500,
    connections: { made: 60, unfinished: 4 },
    versions: { '1.0': refused, '1.1': refused, '1.2': { offered: true }, '1.3': { offered: true } },
    suites: { '1.0': [], '1.1': [], '1.2': [0xc02b, 0xc02c], '1.3': [0x1301] },
    groups: [29, 23],
    fragmentSizes: [512, 1024],
    chain: chain.map(({ der }) => parseCertificate(der)),
    chainKnownBy: 'bytes',
    fingerprints: chain.map(() => 'AA:BB'),
    trust: { authority: 'given', chainProblem: '', nameProblem: '', bySystem: false },
    clientCertificate: { wanted: false, required: false, acceptedIssuers: [] },
    resumption: {},
    handshakes: [],
    ocsp: { stapled: false },
    alpn: '',
    mqtt: { withIdentity: { outcome: 'accepted' }, anonymous: { outcome: 'refused', code: 5 } },
    ...changes,
  };
}
