// The whole TLS test against the bare handshakes that it is made of, on the same broker.
import { startLocalBroker } from '../../src/io/broker/localBroker';
import { handshake } from '../../src/io/tls/tlsHandshake';
import { probeTls } from '../../src/io/tls/tlsProbe';
import { goodSet } from '../support/testAuthority';
import { paired, report } from './support/ratio';

async function testing(): Promise<void> {
  const set = await goodSet();
  const broker = await startLocalBroker({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    host: '127.0.0.1',
    port: 0,
    requireClientCertificate: false,
  });
  const endpoint = { host: '127.0.0.1', port: broker.port, tls: { ca: set.ca.pem, servername: 'localhost' } };
  const { signal } = new AbortController();
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  // As many handshakes as the test makes connections, one after the other as it makes them.
  const { connections } = await probeTls({ ...endpoint, nowMs: Date.now() });
  const bare = async (): Promise<void> => {
    for (let i = 0; i < connections.made; i++) {
      const version = i % 2 ? 'TLSv1.2' : 'TLSv1.3';
      await handshake(endpoint, { version, timeoutMs: 5_000, signal, clientId: `bench-${i}` });
    }
  };
  const ratio = await paired(
    5,
    () => timed(() => probeTls({ ...endpoint, nowMs: Date.now() })),
    () => timed(bare),
  );
  report(`TLS test, as a multiple of ${connections.made} bare handshakes one after the other`, ratio, '2 or less');
  await broker.stop();
}

void testing();
