// `secure-iot broker`: the built-in TLS broker in a terminal; one line for each thing that happens.

import { resolve } from 'node:path';
import { UserError } from '../core/errors';
import type { BrokerEvent } from '../core/mqtt/brokerEvents';
import { BROKER_FAULTS, describeFault, type FaultId, isFaultId } from '../core/mqtt/brokerFaults';
import { visibleLine } from '../core/mqtt/visibleText';
import { type BrokerFiles, readBrokerFiles, readRevocationList } from '../io/broker/brokerFiles';
import type { FaultyBrokerOptions } from '../io/broker/faultyBroker';
import { DEFAULT_BROKER_PORT, type LocalBroker, startLocalBroker } from '../io/broker/localBroker';
import { openCertificateStore } from '../io/pki/certificateStore';
import { CliUsageError, parseOptions, wholeNumber } from './arguments';
import { readPassphrase } from './passphrase';

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
    fault: { type: 'string' },
    'passphrase-file': { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected argument "${positionals[0]}"`);
  const { fault } = values;
  if (fault === 'list') return listFaults();
  if (fault !== undefined && !isFaultId(fault)) {
    throw new CliUsageError(`there is no fault "${fault}"; "--fault list" tells which there are`);
  }
  const files = await readBrokerFiles(values.dir, values.name);
  const print = (event: BrokerEvent): void => {
    process.stdout.write(values.json ? `${JSON.stringify(event)}\n` : `${describe(event)}\n`);
  };
  const webSocketPort =
    values['ws-port'] === undefined ? undefined : wholeNumber(values['ws-port'], '--ws-port', 0, 65_535);
  const options = {
    port: values.port === undefined ? DEFAULT_BROKER_PORT : wholeNumber(values.port, '--port', 0, 65_535),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(webSocketPort === undefined ? {} : { webSocketPort }),
    ...(values.user === undefined ? {} : { users: new Map([[values.user, password()]]) }),
    requireClientCertificate: !values['no-client-certs'],
    onEvent: print,
  };
  const { ca, certificate, key, crl } = files;
  const broker =
    fault === undefined
      ? await startLocalBroker({ ca, certificate, key, ...(crl === undefined ? {} : { crl }), ...options })
      : await startFault(fault, files, values, options);
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

async function startFault(
  fault: FaultId,
  files: BrokerFiles,
  values: { readonly dir: string; readonly 'passphrase-file'?: string },
  options: Omit<FaultyBrokerOptions, 'files' | 'issuer'>,
): Promise<LocalBroker> {
  const { startFaultyBroker } = await import('../io/broker/faultyBroker');
  const issuer = async () => {
    const { unlockAuthority } = await import('../io/pki/issueCertificates');
    const store = openCertificateStore(resolve(values.dir));
    return unlockAuthority(store, await readPassphrase(values['passphrase-file']));
  };
  const { withheld, ...broker } = await startFaultyBroker(fault, { files, issuer, ...options });
  process.stderr.write(`FAULT ON PURPOSE "${fault}". ${describeFault(fault)}\n`);
  if (withheld) process.stderr.write(`The intermediate certificate that it does not send:\n${withheld.trim()}\n`);
  return broker;
}

function listFaults(): number {
  for (const id of Object.keys(BROKER_FAULTS) as FaultId[]) {
    process.stdout.write(`${id.padEnd(21)} ${describeFault(id)}\n`);
  }
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
  return `"${visibleLine(text)}"`;
}
