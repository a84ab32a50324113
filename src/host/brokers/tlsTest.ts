// Test TLS of a Broker…: asks where, which CA is trusted and which certificate is shown, and runs the test.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { TrustSource } from '../../io/mqtt/connectionFiles';
import type { TlsSettings } from '../../io/mqtt/mqttTransport';
import type { OwnConnections } from '../../io/network/ownConnections';
import { findCertificatesFolder } from '../certificates/certificatesFolder';
import { runCommand } from '../commands';
import { withProgress } from '../progress';
import type { BrokerHost } from './brokerHost';
import type { TlsTestReport, TlsTestReports } from './tlsTestReports';

/** What `secureIot.testTls` takes as its argument; it asks for the rest. */
export interface TlsTestOptions {
  /** `mqtts://host:port`, `host:port` or `host`. */
  readonly address?: string;
  /** Default where an address is given: the workspace's authority, or the well-known roots where there is none. */
  readonly trust?: TrustSource;
  /** Name of a device certificate of the workspace; empty: none. */
  readonly device?: string;
  readonly servername?: string;
}

/** Returns whether the chain is trusted and the name matches. */
export async function testTls(
  reports: TlsTestReports,
  host: Pick<BrokerHost, 'running' | 'own'>,
  options: TlsTestOptions,
): Promise<boolean> {
  const text = options.address ?? (await askAddress(host));
  const { parseTlsAddress } = await import('../../core/tls/tlsAddress');
  const address = parseTlsAddress(text);
  if (!address) throw new UserError('bad-address', `"${text}" is no address. It looks like mqtts://localhost:8883.`);
  const folder = findCertificatesFolder()?.path;
  const { readConnectionFiles, authoritySubject } = await import('../../io/mqtt/connectionFiles');
  const own = folder === undefined ? null : await authoritySubject(folder);
  const usual: TrustSource = own === null ? { type: 'system' } : { type: 'workspace' };
  const trust = options.trust ?? (options.address === undefined ? await askTrust(own) : usual);
  const device = options.device ?? (await askDevice(folder));
  const identity = device ? ({ type: 'device', name: device } as const) : ({ type: 'none' } as const);
  const files = await readConnectionFiles(folder ?? '', trust, identity);
  const tls = { ...files, ...(options.servername ? { servername: options.servername } : {}) };
  const result = await run(address.host, address.port, tls, host.own);
  await reports.show(result);
  const { isTrusted } = await import('../../core/tls/probeSections');
  const trusted = isTrusted(result.report);
  void offerExport(result, trusted);
  return trusted;
}

async function run(host: string, port: number, tls: TlsSettings, own: OwnConnections): Promise<TlsTestReport> {
  const { probeTls } = await import('../../io/tls/tlsProbe');
  const { ConnectError } = await import('../../io/mqtt/connectError');
  const { publicRoots } = await import('../../io/tls/publicRoots');
  const { verifySignature } = await import('../../io/pki/signatureCheck');
  const { boardTable } = await import('../../core/tls/boardTable');
  const { readCertificates } = await import('../../core/x509/readCertificates');
  return withProgress(`Testing the TLS of ${host}:${port}`, async ({ signal, report: onProgress }) => {
    try {
      const report = await probeTls({ host, port, tls, nowMs: Date.now(), signal, onProgress, own });
      const anchors = tls.ca === undefined ? publicRoots() : readCertificates(tls.ca);
      return { report, boards: boardTable(report, anchors, verifySignature) };
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      if (error instanceof ConnectError) throw new UserError('tls-test-failed', error.failure.reason);
      throw error;
    }
  });
}

async function offerExport({ report, boards }: TlsTestReport, trusted: boolean): Promise<void> {
  const works = boards.filter(({ verdict }) => verdict === 'works').length;
  const exportIt = 'Export Report…';
  const choice = await vscode.window.showInformationMessage(
    `${report.host}:${report.port}: the certificate is ${trusted ? 'trusted and for this name' : 'NOT trusted'}; works on ${works} of ${boards.length} kinds of boards.`,
    exportIt,
  );
  if (choice === exportIt) await runCommand('secureIot.exportTlsReport');
}

async function askAddress(host: Pick<BrokerHost, 'running'>): Promise<string> {
  const text = await vscode.window.showInputBox({
    title: 'Test TLS of a Broker',
    prompt: 'Address of the broker’s TLS port. The test makes about sixty short connections.',
    value: `mqtts://localhost:${host.running?.port ?? 8883}`,
  });
  if (!text) throw new CancelledError();
  return text.trim();
}

/** `own`: name of the workspace's authority. */
async function askTrust(own: string | null): Promise<TrustSource> {
  const rows = [
    ...(own === null ? [] : [{ label: 'Authority of this workspace', description: own, type: 'workspace' as const }]),
    { label: 'Well-known roots', description: 'as a browser trusts them', type: 'system' as const },
    { label: 'A CA file…', description: 'PEM', type: 'file' as const },
  ];
  const title = 'Test TLS of a Broker: which CA is trusted';
  const choice = await vscode.window.showQuickPick(rows, { title, placeHolder: 'The CA that your boards hold' });
  if (!choice) throw new CancelledError();
  if (choice.type !== 'file') return { type: choice.type };
  const [file] = (await vscode.window.showOpenDialog({ title, canSelectMany: false })) ?? [];
  if (!file) throw new CancelledError();
  return { type: 'file', path: file.fsPath };
}

async function askDevice(folder: string | undefined): Promise<string> {
  if (folder === undefined) return '';
  const { deviceNames } = await import('../../io/broker/brokerFiles');
  const names = await deviceNames(folder);
  if (names.length === 0) return '';
  const none = 'No client certificate';
  const choice = await vscode.window.showQuickPick([...names, none], {
    title: 'Test TLS of a Broker: client certificate',
    placeHolder: 'Which certificate the test shows when the broker asks for one',
  });
  if (choice === undefined) throw new CancelledError();
  return choice === none ? '' : choice;
}
