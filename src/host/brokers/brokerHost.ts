// Runs the local broker inside VS Code and keeps what its view and the MQTT Explorer ask about it.
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { BrokerEvent } from '../../core/mqtt/brokerEvents';
import { describeFault, type FaultId } from '../../core/mqtt/brokerFaults';
import { BrokerRecord } from '../../core/mqtt/brokerRecord';
import type { LocalBroker } from '../../io/broker/localBroker';
import { OwnConnections } from '../../io/network/ownConnections';
import type { Issuer } from '../../io/pki/certificateAuthority';
import { setContext } from '../commands';
import type { Log } from '../log';

export interface StartOptions {
  /** The certificates folder. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly requireClientCertificate: boolean;
  /** Broker certificate by its file name without `.crt`. */
  readonly name?: string;
  readonly webSocketPort?: number;
  /** Who must log in, with the password. */
  readonly login?: { readonly user: string; readonly password: string };
  /** What is wrong with it on purpose; `issuer` unlocks the authority where the fault needs it. */
  readonly fault?: { readonly id: FaultId; readonly issuer: () => Promise<Issuer> };
}

export interface RunningBroker {
  readonly port: number;
  readonly webSocketPort?: number;
  readonly user?: string;
  readonly fault?: FaultId;
  readonly requiresClientCertificate: boolean;
  /** Name of the certificate in use, and the names and addresses that it is good for. */
  readonly name: string;
  readonly certificateNames: readonly string[];
  /** Addresses of this machine that boards may use. */
  readonly addresses: readonly string[];
}

export class BrokerHost {
  readonly record = new BrokerRecord();
  /** What the broker refuses of these is no board's failure. */
  readonly own = new OwnConnections();
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChange = this.changed.event;
  private broker: LocalBroker | undefined;
  private info: RunningBroker | undefined;
  private revocations: vscode.Disposable | undefined;
  /** Starting and stopping come one after the other, however quickly the buttons are pressed. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly log: Log) {}

  get running(): RunningBroker | undefined {
    return this.info;
  }

  /** Throws UserError: see `readBrokerFiles` and `startLocalBroker`; a busy port comes with a free one to use instead. */
  start(options: StartOptions): Promise<RunningBroker> {
    return this.inTurn(() => this.open(options));
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.close());
  }

  dispose(): void {
    void this.stop().finally(() => this.changed.dispose());
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined); // the caller has the error
    return done;
  }

  private async open(options: StartOptions): Promise<RunningBroker> {
    if (this.info) return this.info;
    const { readBrokerFiles } = await import('../../io/broker/brokerFiles');
    const { startLocalBroker } = await import('../../io/broker/localBroker');
    const { ownAddresses } = await import('../../io/network/ownAddresses');
    const { readCertificates } = await import('../../core/x509/readCertificates');
    const files = await readBrokerFiles(options.folder, options.name);
    const [leaf] = readCertificates(files.certificate);
    this.record.clear();
    const { host, port, requireClientCertificate, webSocketPort, login, fault } = options;
    const common = {
      host,
      port,
      requireClientCertificate,
      ...(webSocketPort === undefined ? {} : { webSocketPort }),
      ...(login ? { users: new Map([[login.user, login.password]]) } : {}),
      onEvent: (event: BrokerEvent) => this.onEvent(event),
    };
    try {
      if (fault) {
        const { startFaultyBroker } = await import('../../io/broker/faultyBroker');
        this.broker = await startFaultyBroker(fault.id, { files, issuer: fault.issuer, ...common });
      } else {
        const { ca, certificate, key, crl } = files;
        this.broker = await startLocalBroker({
          ca,
          certificate,
          key,
          ...(crl === undefined ? {} : { crl }),
          ...common,
        });
      }
    } catch (error) {
      throw error instanceof UserError && error.code === 'broker-port-busy' ? await withFreePort(error, port) : error;
    }
    this.info = {
      port: this.broker.port,
      ...(this.broker.webSocketPort === undefined ? {} : { webSocketPort: this.broker.webSocketPort }),
      ...(login ? { user: login.user } : {}),
      ...(fault ? { fault: fault.id } : {}),
      requiresClientCertificate: this.broker.requiresClientCertificate,
      name: files.name,
      certificateNames: (leaf?.subjectAltNames ?? []).map(({ value }) => value),
      addresses: host === '0.0.0.0' || host === '::' ? ownAddresses() : [],
    };
    this.watchRevocations(options.folder);
    this.log.info(`listens on ${host} port ${this.info.port} with certificate "${files.name}"`);
    if (fault) this.log.warn(`with a fault on purpose, "${fault.id}": ${describeFault(fault.id)}`);
    setContext('secureIot.brokerRunning', true);
    this.changed.fire(undefined);
    return this.info;
  }

  private async close(): Promise<void> {
    const { broker } = this;
    this.revocations?.dispose();
    this.revocations = undefined;
    this.broker = undefined;
    this.info = undefined;
    await broker?.stop();
    this.record.clear();
    setContext('secureIot.brokerRunning', false);
    this.changed.fire(undefined);
  }

  /** A device that is revoked while the broker runs does not get in again. */
  private watchRevocations(folder: string): void {
    const list = new vscode.RelativePattern(vscode.Uri.file(folder), 'ca/ca.crl');
    const watcher = vscode.workspace.createFileSystemWatcher(list, false, false, true);
    const read = async (): Promise<void> => {
      const { readRevocationList } = await import('../../io/broker/brokerFiles');
      try {
        const crl = await readRevocationList(folder);
        if (crl === undefined || !this.broker) return;
        this.broker.useRevocationList(crl);
        this.log.info('read the revocation list again');
      } catch (error) {
        this.log.warn(`the revocation list was not read: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    watcher.onDidCreate(read);
    watcher.onDidChange(read);
    this.revocations = watcher;
  }

  private onEvent(event: BrokerEvent): void {
    if ('remotePort' in event && this.own.has(event.remotePort)) return;
    if (event.type === 'handshakeFailed' && event.refusal.code !== 'no-hello') {
      this.log.warn(`${event.remoteAddress}: ${event.refusal.reason} ${event.refusal.advice}`);
    }
    if (event.type === 'clientRefused') this.log.warn(`${event.remoteAddress}: ${event.reason}`);
    if (this.record.apply(event)) this.changed.fire(undefined);
  }
}

async function withFreePort(error: UserError, port: number): Promise<UserError> {
  const { freePortFrom } = await import('../../io/network/freePort');
  const free = await freePortFrom(port + 1);
  if (free === undefined) return error;
  return new UserError(error.code, error.message, {
    title: `Use Port ${free}`,
    command: 'secureIot.startBroker',
    args: [{ port: free }],
  });
}
