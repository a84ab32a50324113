// Runs the TLS test with a profile's certificates and makes the report that the pane shows and a file keeps.
import { UserError } from '../../core/errors';
import { boardTable } from '../../core/tls/boardTable';
import { probeMarkdown } from '../../core/tls/probeMarkdown';
import { isTrusted, reportSections } from '../../core/tls/probeSections';
import { readCertificates } from '../../core/x509/readCertificates';
import { addressOf, type ConnectionProfile, usesTls } from '../../protocol/connectionProfile';
import type { TlsReportView } from '../../protocol/explorerModel';
import { type ProfileSecrets, readTls } from './prepareConnection';

export interface TlsReport {
  readonly view: TlsReportView;
  readonly markdown: string;
  readonly json: string;
}

/** Throws UserError when there is nothing to test or a file is missing, ConnectError, or the signal's reason. */
export async function probeBroker(
  profile: ConnectionProfile,
  secrets: ProfileSecrets,
  certificates: string | undefined,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<TlsReport> {
  if (!usesTls(profile.protocol))
    throw new UserError('no-tls', `${addressOf(profile)} has no TLS to test. Choose mqtts or wss.`);
  const tls = await readTls(profile, secrets, certificates);
  const [{ probeTls }, { verifySignature }] = await Promise.all([
    import('../../io/tlsProbe'),
    import('../../io/signatureCheck'),
  ]);
  const { host, port } = profile;
  const report = await probeTls({ host, port, tls, nowMs: Date.now(), signal, onProgress: onStep });
  // Without a CA of its own the table says nothing about trust: which roots a board holds is not known here.
  const boards = boardTable(report, tls.ca === undefined ? [] : readCertificates(tls.ca), verifySignature);
  const sections = reportSections(report);
  const chain = report.chain.map(({ der }) => Buffer.from(der).toString('base64'));
  return {
    view: {
      address: addressOf(profile),
      step: null,
      sections,
      boards: boards.map(({ board, verdict, code, detail }) => ({ board, verdict, code, detail })),
    },
    markdown: probeMarkdown(report, boards),
    json: `${JSON.stringify({ ...report, chain, trusted: isTrusted(report), sections, boards }, undefined, 2)}\n`,
  };
}
