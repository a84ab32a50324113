// Which Maximum Fragment Lengths (RFC 6066, section 4) a server takes: Node never asks for one, so the hello is hand-made.
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { connectPacket, DISCONNECT_PACKET } from '../../core/diagnose/mqttHello';
import { clientHello, FRAGMENT_CODES, type FragmentSize } from '../../core/tls/clientHello';
import { HandshakeMessages } from '../../core/tls/handshakeMessages';
import { openTcp } from '../mqtt/mqttTransport';
import type { ProbeLink } from './probeLink';
import { FINISHABLE_GROUPS, FINISHABLE_SUITES, type FinishedClient, finishHandshake } from './tls12Client';
import { suitesFor } from './tlsOffers';

const SIZES = Object.keys(FRAGMENT_CODES).map(Number) as FragmentSize[];

/** TLS 1.2, which boards with small buffers speak. */
export async function takenFragmentSizes(link: ProbeLink): Promise<FragmentSize[]> {
  const taken: FragmentSize[] = [];
  for (const size of SIZES) {
    const finished = await askInWholeHandshake(link, size);
    const answer = finished ?? (await link.hello({ version: '1.2', suites: suitesFor('1.2'), maxFragment: size }));
    if (answer.maxFragment === FRAGMENT_CODES[size]) taken.push(size);
  }
  return taken;
}

/** Undefined when the server takes none of the suites that this client can finish. */
async function askInWholeHandshake(
  link: ProbeLink,
  maxFragment: FragmentSize,
): Promise<{ readonly maxFragment?: number } | undefined> {
  const { host, port, tls, own } = link.target;
  const random = randomBytes(32);
  const servername = isIP(link.name) ? {} : { servername: link.name };
  const offer = { version: '1.2', suites: FINISHABLE_SUITES, groups: FINISHABLE_GROUPS, maxFragment, random } as const;
  const hello = clientHello({ ...offer, ...servername });
  const identity =
    tls?.certificate !== undefined && tls.key !== undefined
      ? { certificate: tls.certificate, key: tls.key, ...(tls.passphrase ? { passphrase: tls.passphrase } : {}) }
      : undefined;
  const socket = await openTcp(host, port, link.timeoutMs, link.signal, own);
  link.connections++;
  const reader = new HandshakeMessages(hello.subarray(5));
  let client: FinishedClient | undefined;
  let connected = false;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      link.signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, link.timeoutMs);
    link.signal.addEventListener('abort', done);
    socket.on('error', done).on('close', done);
    socket.on('data', (bytes) => {
      reader.push(bytes);
      if (reader.ended) done();
      if (!client && reader.server) {
        try {
          client = finishHandshake(reader.server, random, reader.transcript, identity);
        } catch {
          return done(); // a point that is on no curve, for example: whatever it is, this goes no further
        }
        socket.write(client.flight);
      }
      if (client && reader.changedCipher && !connected) {
        connected = true;
        socket.write(client.seal(23, connectPacket(`secure-iot-${randomBytes(5).toString('hex')}`)));
        if (!link.speaksMqtt) done();
      }
      if (connected && reader.applicationData) done();
    });
    socket.write(hello);
  });
  if (client && connected && socket.writable) {
    socket.write(client.seal(23, DISCONNECT_PACKET));
    socket.end(client.seal(21, Uint8Array.of(1, 0)), () => socket.destroy());
  } else {
    socket.destroy();
    link.unfinished++;
  }
  link.signal.throwIfAborted();
  return reader.hello.version === undefined ? undefined : reader.hello;
}
