// `secure-iot broker`: the built-in TLS broker in a terminal; one line for each thing that happens.
import { UserError } from '../core/errors';
import type { BrokerEvent } from '../core/mqtt/brokerEvents';
import { readBrokerFiles, readRevocationList } from '../io/brokerFiles';
import { DEFAULT_BROKER_PORT, type LocalBroker, startLocalBroker } from '../io/localBroker';
import { CliUsageError, parseOptions } from './arguments';

const PASSWORD_VARIABLE = 'SECURE_IOT_BROKER_PASSWORD';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    dir: { type: 'string', default: 'certs' },
    name: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    'ws-port': { type: 'string' },
    'no-client-certs': { type: 'boolean', default: false },
    user: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected argument "${positionals[0]}"`);
  const files = await readBrokerFiles(values.dir, values.name);
  const print = (event: BrokerEvent): void => {
    process.stdout.write(values.json ? `${JSON.stringify(event)}\n` : `${describe(event)}\n`);
  };
  const webSocketPort = values['ws-port'] === undefined ? undefined : portNumber(values['ws-port'], '--ws-port');
  const broker = await startLocalBroker({
    ca: files.ca,
    certificate: files.certificate,
    key: files.key,
    ...(files.crl === undefined ? {} : { crl: files.crl }),
    port: values.port === undefined ? DEFAULT_BROKER_PORT : portNumber(values.port, '--port'),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(webSocketPort === undefined ? {} : { webSocketPort }),
    ...(values.user === undefined ? {} : { users: new Map([[values.user, password()]]) }),
    requireClientCertificate: !values['no-client-certs'],
    onEvent: print,
  });
  const kind = broker.requiresClientCertificate ? 'mutual TLS' : 'TLS without client certificates';
  process.stderr.write(`Broker "${files.name}" listens on mqtts://${broker.host}:${broker.port} (${kind}).\n`);
  if (broker.webSocketPort !== undefined) {
    process.stderr.write(`WebSocket: wss://${broker.host}:${broker.webSocketPort}/mqtt\n`);
  }
  process.stderr.write('Stop with Ctrl+C.\n');
  process.on('SIGHUP', () => void reload(broker, values.dir));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await broker.stop();
  return 0;
}

/** On SIGHUP, as mosquitto does it: after a certificate was revoked. */
async function reload(broker: LocalBroker, folder: string): Promise<void> {
  try {
    const crl = await readRevocationList(folder);
    if (crl !== undefined) broker.useRevocationList(crl);
    process.stderr.write(crl === undefined ? 'There is no ca/ca.crl.\n' : 'Read ca/ca.crl again.\n');
  } catch (error) {
    process.stderr.write(`ca/ca.crl was not read again: ${(error as Error).message}\n`);
  }
}

function portNumber(text: string, option: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new CliUsageError(`${option} takes a number from 0 to 65535`);
  return port;
}

function password(): string {
  const value = process.env[PASSWORD_VARIABLE];
  if (value) return value;
  throw new UserError('no-password', `Set the password of --user in the environment variable ${PASSWORD_VARIABLE}.`);
}

function describe(event: BrokerEvent): string {
  const time = new Date(event.timeMs).toISOString();
  switch (event.type) {
    case 'clientConnected': {
      const { id, commonName, remoteAddress, tlsVersion } = event.client;
      return `${time} connected     ${printable(id)} from ${remoteAddress}, certificate ${commonName === null ? 'none' : printable(commonName)}, ${tlsVersion}`;
    }
    case 'clientDisconnected':
      return `${time} disconnected  ${printable(event.client.id)}`;
    case 'handshakeFailed': {
      const { reason, advice, deviceCode } = event.refusal;
      const prints = deviceCode ? ` The device prints ${deviceCode}.` : '';
      return `${time} TLS refused   ${event.remoteAddress}: ${reason}${prints} ${advice}`;
    }
    case 'clientRefused':
      return `${time} MQTT refused  ${printable(event.clientId)} from ${event.remoteAddress}: ${event.reason}`;
    case 'published':
      return `${time} published     ${printable(event.clientId)} ${printable(event.topic)} ${event.bytes} bytes, QoS ${event.qos}${event.retain ? ', retained' : ''}`;
  }
}

/** A client picks its own id and topics: nothing in them may steer the terminal. */
function printable(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
