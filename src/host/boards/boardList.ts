// The boards that can be reached: this machine's serial ports, and the addresses in the settings.
import * as vscode from 'vscode';
import { usbName } from '../../core/boards/usbNames';
import type { PortInfo } from '../../io/serial/boardPort';
import type { PortWatch } from '../../io/serial/portWatch';
import { readSetting } from '../commands';

export interface Board {
  readonly address: string;
  /** What a person calls it. */
  readonly name: string;
  readonly kind: 'serial' | 'network';
  readonly port: PortInfo;
}

/** What is plugged in, and word of when that may have changed. */
export interface BoardSource {
  list(): Promise<Board[]>;
  watch(onChange: () => void): Promise<PortWatch>;
}

const ADDRESSES = 'secureIot.boards.addresses';

/** Serial ports first. Loads the serial library. */
export async function listBoards(): Promise<Board[]> {
  const { listPorts } = await import('../../io/serial/portList');
  const serial = (await listPorts()).map((port): Board => {
    const { usbVendorId, usbProductId, manufacturer } = port;
    const known =
      usbVendorId !== undefined && usbProductId !== undefined ? usbName(usbVendorId, usbProductId) : undefined;
    return { address: port.address, name: known ?? manufacturer ?? 'Serial port', kind: 'serial', port };
  });
  const network = readSetting(ADDRESSES).map(
    (address): Board => ({ address, name: address, kind: 'network', port: { address } }),
  );
  return [...serial, ...network];
}

export const systemBoards: BoardSource = {
  list: listBoards,
  watch: async (onChange) => (await import('../../io/serial/portWatch')).watchPorts(onChange),
};

/** In the workspace's settings where there is a workspace, else in the user's. */
export async function saveAddresses(change: (addresses: readonly string[]) => readonly string[]): Promise<void> {
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration().update(ADDRESSES, change(readSetting(ADDRESSES)), target);
}
