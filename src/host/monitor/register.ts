// Registers the serial monitor: its command, its options, and the links in its terminals.
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { lineEndingNamed } from '../../core/monitor/lineEnding';
import type { PortOwnership } from '../../io/serial/portOwnership';
import { type CommandRegistrar, readSetting } from '../commands';
import type { DeviceErrorStore } from '../decoding/deviceErrorStore';
import type { Log } from '../log';
import type { BoardVitals } from './boardVitals';
import { MonitorLinks } from './monitorLinks';
import type { SerialMonitor } from './serialMonitor';
import { VitalsStatus } from './vitalsStatus';

interface OpenMonitorOptions {
  readonly address?: string;
  readonly baudRate?: number;
}

export function registerMonitor(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  ports: PortOwnership,
  errors: DeviceErrorStore,
  vitals: BoardVitals,
  log: Log,
): void {
  const open = new Map<vscode.Terminal, SerialMonitor>();
  /** The monitor that is looked at, or the one opened last. */
  const watched = (): SerialMonitor | undefined => {
    const active = vscode.window.activeTerminal;
    return (active && open.get(active)) ?? [...open.values()].at(-1);
  };
  const status = new VitalsStatus(vitals, () => watched()?.address);
  context.subscriptions.push(
    status,
    vscode.window.onDidChangeActiveTerminal(() => status.update()),
    vscode.window.registerTerminalLinkProvider(new MonitorLinks((terminal) => open.get(terminal))),
    vscode.window.onDidCloseTerminal((terminal) => {
      open.get(terminal)?.close();
      open.delete(terminal);
    }),
    {
      dispose: () => {
        for (const monitor of open.values()) monitor.close();
      },
    },
  );
  commands.register('secureIot.openMonitor', async (given) => {
    const options = (given ?? {}) as OpenMonitorOptions;
    const { pickBoard } = await import('../boards/pickBoard');
    const { address } = await pickBoard(context.workspaceState, 'Open Serial Monitor', options.address);
    for (const [terminal, monitor] of open) if (monitor.address === address) return terminal.show();
    const { SerialMonitor, monitorName } = await import('./serialMonitor');
    const { ProjectFirmware } = await import('../decoding/projectFirmware');
    const firmware = await new ProjectFirmware().options();
    const baudRate = options.baudRate ?? readSetting('secureIot.monitor.baudRate');
    const monitor = new SerialMonitor(address, baudRate, {
      ports,
      errors,
      vitals,
      firmware,
      log: log.child('monitor'),
    });
    monitor.lineEnding = lineEndingNamed(readSetting('secureIot.monitor.lineEnding')) ?? 'crlf';
    const terminal = vscode.window.createTerminal({
      name: monitorName(address),
      pty: monitor,
      iconPath: new vscode.ThemeIcon('circuit-board'),
      isTransient: true,
    });
    open.set(terminal, monitor);
    terminal.show();
  });
  const current = (): SerialMonitor => {
    const monitor = watched();
    if (monitor) return monitor;
    throw new UserError('no-monitor', 'No serial monitor is open.', {
      title: 'Open Serial Monitor…',
      command: 'secureIot.openMonitor',
    });
  };
  commands.register('secureIot.monitorOptions', async () => {
    const { showMonitorMenu } = await import('./monitorMenu');
    await showMonitorMenu(current(), [...open.values()]);
  });
  commands.register('secureIot.resetBoard', () => current().reset());
}
