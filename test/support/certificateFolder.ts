// A certificates folder as the extension lays it out, made with openssl: an authority, a broker, devices.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CertificateFolderOptions {
  /** As in an openssl `subjectAltName` line. */
  readonly brokerNames?: string;
  readonly devices?: readonly string[];
  readonly caName?: string;
}

/** Makes ca/, broker/broker.*, devices/*. Returns `folder`. Keys are P-256 in PKCS#8. */
export async function makeCertificateFolder(folder: string, options: CertificateFolderOptions = {}): Promise<string> {
  const { brokerNames = 'DNS:broker.test,IP:127.0.0.1,DNS:127.0.0.1', devices = ['sensor-1'] } = options;
  for (const part of ['ca', 'broker', 'devices']) await mkdir(join(folder, part), { recursive: true });
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = (file: string): void =>
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file);
  key('ca/ca.key');
  const caName = options.caName ?? 'Test CA';
  openssl(
    ...['req', '-x509', '-new', '-key', 'ca/ca.key', '-sha256', '-days', '3650', '-subj', `/CN=${caName}`],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-out', 'ca/ca.crt'],
  );
  const issue = async (path: string, name: string, extensions: string): Promise<void> => {
    key(`${path}.key`);
    const subject = `/CN=${name}`;
    openssl('req', '-new', '-utf8', '-key', `${path}.key`, '-subj', subject, '-out', `${path}.csr`);
    await writeFile(join(folder, `${path}.ext`), `basicConstraints=CA:FALSE\n${extensions}\n`);
    openssl(
      ...['x509', '-req', '-in', `${path}.csr`, '-CA', 'ca/ca.crt', '-CAkey', 'ca/ca.key', '-CAcreateserial'],
      ...['-sha256', '-days', '365', '-extfile', `${path}.ext`, '-out', `${path}.crt`],
    );
  };
  await issue('broker/broker', 'broker.test', `extendedKeyUsage=serverAuth\nsubjectAltName=${brokerNames}`);
  for (const device of devices) await issue(`devices/${device}`, device, 'extendedKeyUsage=clientAuth');
  return folder;
}
