// Export Certificate…: an identity in the form that another tool wants, the manifest of everything
// issued, or what registers it at a cloud.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import type { Cloud } from '../../core/pki/cloudRegistration';
import type { CertificateStore } from '../../io/pki/certificateStore';
import type { ExportFormat } from '../../io/pki/exportCertificate';
import { withProgress } from '../progress';
import { type Argument, chooseRecord, openStore, pick, tellMade } from './certificateChoice';
import { askExportPassphrase } from './certificatePrompts';

const FORMATS: readonly { readonly label: string; readonly description: string; readonly format: ExportFormat }[] = [
  { label: 'PEM', description: 'certificate, key and CA as text files', format: 'pem' },
  { label: 'DER', description: 'the same as binary files', format: 'der' },
  { label: 'PKCS#12', description: 'one encrypted .p12 file, for MQTT Explorer, browsers, Windows', format: 'p12' },
  { label: 'C header', description: 'string constants for a sketch', format: 'header' },
  { label: 'C header with PROGMEM', description: 'for the ESP8266', format: 'progmem' },
  { label: 'ESP-IDF files', description: 'for EMBED_TXTFILES', format: 'esp-idf' },
];

export async function exportCertificate(argument: Argument): Promise<void> {
  const store = await openStore();
  const record = await chooseRecord('Export Certificate', store, argument);
  const { format } = await pick(`Export "${record.name}" as`, FORMATS);
  const { checkPassphrase } = await import('../../io/pki/keyPair');
  const secret = format === 'p12' ? { passphrase: await askExportPassphrase(checkPassphrase) } : {};
  const { exportIdentity } = await import('../../io/pki/exportCertificate');
  const { files, notes } = await exportIdentity(store, record, format, secret);
  const names = files.map((file) => path.relative(path.dirname(store.folder), file)).join(', ');
  const [first = store.folder] = files;
  void tellMade(`Exported ${names}. Git ignores the folder, since the key is in it. ${notes.join(' ')}`, first);
}

async function registerAt(store: CertificateStore, cloud: Cloud): Promise<void> {
  const { exportRegistration } = await import('../../io/pki/exportRegistration');
  const { files, devices, notes } = await withProgress('Writing registration files', () =>
    exportRegistration(store, cloud),
  );
  const [first = store.folder] = files;
  const folder = path.relative(path.dirname(store.folder), path.dirname(first));
  void tellMade(`Wrote ${files.length} files for ${devices} devices to ${folder}. Next: ${notes.join(' ')}`, first);
}

export async function exportManifest(_argument: Argument): Promise<void> {
  const store = await openStore();
  const formats = [
    { label: 'CSV', description: 'for a spreadsheet or a production line', format: 'csv' },
    { label: 'JSON', description: 'for a program', format: 'json' },
    {
      label: 'AWS IoT Core',
      description: 'template, parameters and policy for its bulk registration',
      format: 'aws-iot',
    },
    { label: 'Azure DPS', description: 'enrollments for its Device Provisioning Service', format: 'azure-dps' },
  ] as const;
  const { format } = await pick('Export the manifest as', formats);
  if (format === 'aws-iot' || format === 'azure-dps') return registerAt(store, format);
  const io = await import('../../io/pki/exportCertificate');
  const text = await io.exportManifest(store, format);
  const target = await vscode.window.showSaveDialog({
    title: 'Save the manifest',
    defaultUri: vscode.Uri.file(path.join(path.dirname(store.folder), `certificates.${format}`)),
  });
  if (!target) throw new CancelledError();
  await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  void tellMade(
    `Wrote ${path.basename(target.fsPath)}: who, serial number, fingerprint, expiry. No secrets.`,
    target.fsPath,
  );
}
