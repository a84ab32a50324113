// The Brokers view: the local broker, the addresses boards reach it at, who is connected, who was refused and why.
import * as vscode from 'vscode';
import type { BrokerClient } from '../../core/mqtt/brokerEvents';
import { describeFault } from '../../core/mqtt/brokerFaults';
import type { Refusal } from '../../core/mqtt/brokerRecord';
import type { BrokerHost, RunningBroker } from './brokerHost';

export type BrokerRow =
  | { readonly kind: 'broker'; readonly broker: RunningBroker }
  | { readonly kind: 'address'; readonly address: string; readonly broker: RunningBroker }
  | { readonly kind: 'client'; readonly client: BrokerClient }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };

/** A board that fails in a loop must not redraw the view each time. */
const REFRESH_MS = 250;

export class BrokersView implements vscode.TreeDataProvider<BrokerRow> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly host: BrokerHost) {
    this.subscription = host.onDidChange(() => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.changed.fire(undefined);
      }, REFRESH_MS);
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.changed.dispose();
  }

  getChildren(row?: BrokerRow): BrokerRow[] {
    const { running, record } = this.host;
    if (!running) return [];
    if (!row) return [{ kind: 'broker', broker: running }];
    if (row.kind !== 'broker') return [];
    return [
      ...running.addresses.map((address): BrokerRow => ({ kind: 'address', address, broker: running })),
      ...record.clients.map((client): BrokerRow => ({ kind: 'client', client })),
      ...record.refusals.map((refusal): BrokerRow => ({ kind: 'refusal', refusal })),
    ];
  }

  getTreeItem(row: BrokerRow): vscode.TreeItem {
    switch (row.kind) {
      case 'broker':
        return this.brokerItem(row.broker);
      case 'address':
        return addressItem(row.address, row.broker);
      case 'client':
        return clientItem(row.client);
      case 'refusal':
        return refusalItem(row.refusal);
    }
  }

  private brokerItem(broker: RunningBroker): vscode.TreeItem {
    const item = new vscode.TreeItem('Local TLS broker', vscode.TreeItemCollapsibleState.Expanded);
    const count = this.host.record.clients.length;
    item.id = 'local';
    item.contextValue = 'localBroker';
    const kind = broker.fault ? `FAULT: ${broker.fault}` : broker.requiresClientCertificate ? 'mutual TLS' : 'TLS';
    item.description = `mqtts://localhost:${broker.port} · ${kind} · ${count} ${count === 1 ? 'client' : 'clients'}`;
    item.tooltip = [
      `Certificate "${broker.name}", good for: ${broker.certificateNames.join(', ') || 'no name'}`,
      ...(broker.user === undefined ? [] : [`Login: ${broker.user}`]),
      ...(broker.webSocketPort === undefined ? [] : [`WebSocket: wss://localhost:${broker.webSocketPort}/mqtt`]),
      ...(broker.fault ? [describeFault(broker.fault)] : []),
    ].join('\n');
    item.iconPath = broker.fault
      ? new vscode.ThemeIcon('beaker', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon('broadcast', new vscode.ThemeColor('testing.iconPassed'));
    return item;
  }
}

function addressItem(address: string, broker: RunningBroker): vscode.TreeItem {
  const good = broker.certificateNames.includes(address);
  const item = new vscode.TreeItem(`${address}:${broker.port}`);
  item.id = `address ${address}`;
  item.description = good ? 'for boards; in the certificate' : 'not in the broker’s certificate';
  item.tooltip = good
    ? 'Boards that connect to this address find it in the certificate.'
    : `A board that connects to ${address} refuses the broker (-0x2700), because its certificate does not have this address. Generate a broker certificate with it.`;
  item.iconPath = new vscode.ThemeIcon(good ? 'plug' : 'warning');
  return item;
}

function clientItem(client: BrokerClient): vscode.TreeItem {
  const item = new vscode.TreeItem(client.commonName ?? client.id);
  item.id = `client ${client.id}`;
  item.contextValue = 'brokerClient';
  item.description = `${client.id} · ${client.remoteAddress} · ${client.tlsVersion}`;
  item.tooltip = [
    client.commonName === null ? 'No client certificate' : `Certificate: ${client.commonName}`,
    ...(client.username === null ? [] : [`User: ${client.username}`]),
    `Client id: ${client.id}`,
    `Since: ${new Date(client.sinceMs).toLocaleTimeString()}`,
    `Cipher: ${client.cipher}`,
  ].join('\n');
  item.iconPath = new vscode.ThemeIcon('circuit-board');
  return item;
}

function refusalItem(refusal: Refusal): vscode.TreeItem {
  const item = new vscode.TreeItem(refusal.reason);
  item.id = `refusal ${refusal.remoteAddress} ${refusal.reason}`;
  item.contextValue = 'brokerRefusal';
  item.description = `${refusal.remoteAddress}${refusal.count > 1 ? ` · ${refusal.count} times` : ''}`;
  item.tooltip = [
    refusal.reason,
    ...(refusal.deviceCode ? [`The board prints: ${refusal.deviceCode}`] : []),
    ...(refusal.advice ? [refusal.advice] : []),
    `Last: ${new Date(refusal.lastMs).toLocaleTimeString()}`,
  ].join('\n');
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  return item;
}
