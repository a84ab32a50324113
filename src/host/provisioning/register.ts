// Registers Provision Device and Build NVS Image.
import type * as vscode from 'vscode';
import type { PortOwnership } from '../../io/serial/portOwnership';
import type { BrokerHost } from '../brokers/brokerHost';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import type { BuildNvsOptions } from './buildNvsImage';
import type { ProvisionOptions } from './provisionDevice';
import type { ProvisionManyOptions } from './provisionMany';

export function registerProvisioning(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  ports: PortOwnership,
  broker: Pick<BrokerHost, 'running' | 'onDidChange' | 'record'>,
  log: Log,
): void {
  commands.register('secureIot.provisionDevice', async (options) => {
    const { provisionDevice } = await import('./provisionDevice');
    const memory = context.workspaceState;
    return provisionDevice({ memory, ports, broker, log: log.child('provision') }, (options ?? {}) as ProvisionOptions);
  });
  commands.register('secureIot.provisionMany', async (options) => {
    const { provisionMany } = await import('./provisionMany');
    return provisionMany({ ports, log: log.child('provision') }, (options ?? {}) as ProvisionManyOptions);
  });
  commands.register('secureIot.makeLabels', async () => {
    const { makeLabels } = await import('./makeLabels');
    return makeLabels();
  });
  commands.register('secureIot.backUpNvs', async (options) => {
    const { backUpNvsOfBoard } = await import('./backUpNvs');
    const memory = context.workspaceState;
    return backUpNvsOfBoard({ memory, ports, log: log.child('nvs') }, (options ?? {}) as { address?: string });
  });
  commands.register('secureIot.buildNvsImage', async (options) => {
    const { buildNvsImageFile } = await import('./buildNvsImage');
    return buildNvsImageFile((options ?? {}) as BuildNvsOptions);
  });
}
