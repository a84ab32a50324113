// Runs the TLS test with a profile's certificates and makes the report that the pane shows and a file keeps.
import { UserError } from '../../core/errors';
import { addressOf, type ConnectionProfile, usesTls } from '../../core/mqtt/connectionProfile';
import { boardTable } from '../../core/tls/boardTable';
import { EXPORT_FORMATS } from '../../core/tls/probeExport';
import { reportSections } from '../../core/tls/probeSections';
import { readCertificates } from '../../core/x509/readCertificates';
import { type ProfileSecrets, readTls } from '../../io/mqtt/profileSession';
import type { OwnConnections } from '../../io/network/ownConnections';
import type { ReportFormat, TlsReportView } from '../../protocol/explorerModel';

export interface TlsReport {
  readonly view: TlsReportView;
  text(format: ReportFormat): string;
}

/** Throws UserError when there is nothing to test or a file is missing, ConnectError, or the signal's reason. */
export async function probeBroker(
  profile: ConnectionProfile,
  secrets: ProfileSecrets,
  certificates: string | undefined,
  onStep: (step: string) => void,
  signal: AbortSignal,
  own?: OwnConnections,
): Promise<TlsReport> {
  if (!usesTls(profile.protocol))
    throw new UserError('no-tls', `${addressOf(profile)} has no TLS to test. Choose mqtts or wss.`);
  const tls = await readTls(profile, secrets, certificates);
  const [{ probeTls }, { verifySignature }] = await Promise.all([
    import('../../io/tls/tlsProbe'),
    import('../../io/pki/signatureCheck'),
  ]);
  const { host, port } = profile;
  const report = await probeTls({
    host,
    port,
    tls,
    nowMs: Date.now(),
    signal,
    onProgress: onStep,
    ...(own ? { own } : {}),
  });
  // Without a CA of its own the table says nothing about trust: which roots a board holds is not known here.
  const boards = boardTable(report, tls.ca === undefined ? [] : readCertificates(tls.ca), verifySignature);
  return {
    view: {
      address: addressOf(profile),
      step: null,
      sections: reportSections(report),
      boards: boards.map(({ stack: _, ...board }) => board),
    },
    text: (format) => EXPORT_FORMATS[format].write(report, boards),
  };
}
