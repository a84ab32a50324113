// Reads a device's identity and the broker's names from a certificates folder (certs/ca, certs/broker, certs/devices).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import type { BrokerNames } from '../../core/firmware/brokerName';
import { checkDeviceCertificate } from '../../core/firmware/deviceCertificate';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import { fileNameOf } from '../../core/pki/fileName';
import type { Certificate } from '../../core/x509/certificate';
import { readCertificates } from '../../core/x509/readCertificates';
import { openCertificateStore } from './certificateStore';
import { belongTogether } from './signatureCheck';

/** PEM texts. `deviceKey` is a secret. */
export interface DeviceIdentity {
  readonly ca: string;
  readonly device: string;
  readonly deviceKey: string;
  readonly warnings: readonly string[];
}

async function readRequired(file: string, what: string, action: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'does not exist' : `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new UserError('certificate-missing', `${what} ${file} ${reason}. ${action}`, {
      title: 'Generate Certificates',
      command: 'secureIot.generateCertificates',
    });
  }
}

async function namesWith(folder: string, extension: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

/** Names of the devices that have a valid certificate and a key, the newest first. */
export async function listDevices(folder: string): Promise<string[]> {
  const store = openCertificateStore(folder);
  const devices = (await store.list()).filter((record) => record.role === 'device' && record.status === 'valid');
  const newest = devices.sort((a, b) => b.notBefore.localeCompare(a.notBefore));
  const withKey = await Promise.all(newest.map(({ name }) => store.hasKey('device', name).catch(noFileName)));
  return newest.filter((_, i) => withKey[i]).map(({ name }) => name);
}

/** A certificate that was copied in may have a name that no file here can have: it is nobody that one could be. */
function noFileName(error: unknown): false {
  if (error instanceof UserError) return false;
  throw error;
}

/** The names that boards find in each broker certificate of the folder; unreadable files are passed over. */
export async function readBrokerNames(folder: string): Promise<BrokerNames[]> {
  const found: BrokerNames[] = [];
  for (const name of await namesWith(join(folder, 'broker'), '.crt')) {
    const file = join(folder, 'broker', `${name}.crt`);
    try {
      const [leaf] = readCertificates(await readFile(file, 'utf8'));
      // Without alternative names the CN counts: for Mbed TLS, and for BearSSL.
      const { commonName } = leaf?.subject ?? {};
      const fallback = commonName === undefined ? [] : [{ type: 'dns', value: commonName } as const];
      found.push({ file, names: leaf?.subjectAltNames ?? fallback });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return found;
}

export async function readCa(folder: string): Promise<string> {
  const file = join(folder, 'ca', 'ca.crt');
  return readRequired(file, 'The CA certificate', 'Generate certificates first, or give their folder.');
}

/** As readCertificates, and what is wrong names the file. */
function certificatesOf(file: string, text: string): Certificate[] {
  try {
    return readCertificates(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${file} cannot be used. ${error.message}`);
  }
}

/** The CA, and the device's certificate and key, checked: they belong together and a board can use them. */
export async function readDeviceIdentity(folder: string, device: string, nowMs: number): Promise<DeviceIdentity> {
  const reason = refuseSlotValue('deviceId', device); // before it becomes part of a path
  if (reason) throw new UserError('bad-slot-value', `Device name "${device.slice(0, 60)}" cannot be used: ${reason}.`);
  const ca = await readCa(folder);
  const make = `Make a certificate for the device "${device}" first.`;
  const base = join(folder, 'devices', fileNameOf(device));
  const certificate = await readRequired(`${base}.crt`, 'The device certificate', make);
  const keyFile = `${base}.key`;
  const key = await readRequired(keyFile, 'The device key', make);
  const [leaf] = certificatesOf(`${base}.crt`, certificate);
  const warnings = leaf ? checkDeviceCertificate(leaf, device, nowMs) : [];
  const refusal = refuseSlotValue('privateKey', key);
  if (refusal) throw new UserError('certificate-unusable', `The device key ${keyFile} cannot be used: ${refusal}.`);
  if (!belongTogether(certificate, key)) {
    throw new UserError(
      'certificate-unusable',
      `The key ${keyFile} does not belong to the certificate beside it. Make a new certificate for "${device}".`,
    );
  }
  return { ca, device: certificate, deviceKey: key, warnings };
}
