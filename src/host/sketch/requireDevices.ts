// Devices that have a certificate; where there are none the person is led to making one.
import { UserError } from '../../core/errors';

/** `devices` as they are. Throws UserError `certificate-missing` where there are none. */
export function requireDevices(devices: readonly string[], certificates: string): readonly string[] {
  if (devices.length > 0) return devices;
  throw new UserError('certificate-missing', `There is no device certificate in ${certificates} yet. Make one first.`, {
    title: 'Generate Certificates',
    command: 'secureIot.generateCertificates',
  });
}
