// Why a chip's flash cannot be read: it takes Espressif's stub in the chip's RAM, and not every chip runs it.
import { UserError } from '../../core/errors';
import type { ChipInfo } from '../../core/firmware/chipInfo';

export function readRefused({ chip, security }: ChipInfo): UserError {
  return new UserError(
    'read-refused',
    security.secureDownload
      ? 'This chip does not allow reading its flash (Secure Download Mode).'
      : `With Secure Boot on, the ${chip.name} does not run the program that reads its flash by cable.`,
  );
}
