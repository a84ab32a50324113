// Composes the extension, nothing else: builds the shared pieces and hands them to each feature.
import type * as vscode from 'vscode';
import { registerBoards } from './host/boards/register';
import { registerBrokers } from './host/brokers/register';
import { registerCertificates } from './host/certificates/register';
import { CommandRegistrar } from './host/commands';
import { DeviceErrorStore } from './host/decoding/deviceErrorStore';
import { registerDecoding } from './host/decoding/register';
import { registerDiagnose } from './host/diagnose/register';
import { registerExplorer } from './host/explorer/register';
import { registerLint } from './host/lint/register';
import { Log } from './host/log';
import { BoardVitals } from './host/monitor/boardVitals';
import { registerMonitor } from './host/monitor/register';
import { registerProvisioning } from './host/provisioning/register';
import { registerSketch } from './host/sketch/register';
import { registerUpdates } from './host/updates/register';
import { PortOwnership } from './io/serial/portOwnership';

export function activate(context: vscode.ExtensionContext): void {
  const log = Log.create();
  context.subscriptions.push(log);
  const commands = new CommandRegistrar(context.subscriptions, log);
  commands.register('secureIot.showLog', () => log.show());
  const deviceErrors = new DeviceErrorStore();
  const ports = new PortOwnership();
  const vitals = new BoardVitals();
  context.subscriptions.push(vitals);
  registerDecoding(context, commands, deviceErrors);
  registerCertificates(context, commands, log);
  registerSketch(context, commands);
  registerUpdates(commands);
  const localBroker = registerBrokers(context, commands, log);
  registerExplorer(context, commands, log, localBroker);
  registerDiagnose(context, commands, localBroker);
  registerLint(context);
  registerBoards(context, commands, ports, vitals, log);
  registerProvisioning(context, commands, ports, localBroker, log);
  registerMonitor(context, commands, ports, deviceErrors, vitals, log);
}
