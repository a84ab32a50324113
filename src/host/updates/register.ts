// Registers Sign Firmware Update… and Send Firmware Update…; what they do is loaded when they run.
import type { CommandRegistrar } from '../commands';
import type { SendUpdateOptions } from './sendFirmwareUpdate';
import type { SignUpdateOptions } from './signFirmwareUpdate';

export function registerUpdates(commands: CommandRegistrar): void {
  commands.register('secureIot.signUpdate', async (options) => {
    const { signFirmwareUpdate } = await import('./signFirmwareUpdate');
    return signFirmwareUpdate((options ?? {}) as SignUpdateOptions);
  });
  commands.register('secureIot.sendUpdate', async (options) => {
    const { sendFirmwareUpdate } = await import('./sendFirmwareUpdate');
    return sendFirmwareUpdate((options ?? {}) as SendUpdateOptions);
  });
}
