// The TLS test of a panel: one at a time, can be cancelled, keeps its last report.
import { CancelledError, UserError } from '../../core/errors';
import { addressOf, type ConnectionProfile } from '../../core/mqtt/connectionProfile';
import { EXPORT_FORMATS } from '../../core/tls/probeExport';
import type { ReportFormat, TlsReportView } from '../../protocol/explorerModel';
import type { TlsReport } from './probeBroker';

type Probe = (onStep: (step: string) => void, signal: AbortSignal) => Promise<TlsReport>;

export class TlsTest {
  private abort: AbortController | undefined;
  private report: TlsReport | undefined;
  private shown: TlsReportView | null = null;

  constructor(private readonly onChange: (view: TlsReportView | null) => void) {}

  get view(): TlsReportView | null {
    return this.shown;
  }

  /** Returns when it is over. What goes wrong is in the view; only a bug is thrown. */
  async run(profile: ConnectionProfile, probe: Probe): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.abort = abort;
    this.report = undefined;
    const blank = { address: addressOf(profile), sections: [], boards: [] };
    this.show({ ...blank, step: 'connecting' });
    try {
      const report = await probe((step) => {
        if (!abort.signal.aborted) this.show({ ...blank, step });
      }, abort.signal);
      if (abort.signal.aborted) return;
      this.report = report;
      this.show(report.view);
    } catch (error) {
      if (abort.signal.aborted) return;
      const known = error instanceof UserError || (error instanceof Error && error.name === 'ConnectError');
      this.show(known ? { ...blank, step: null, error: error.message } : null);
      if (!known) throw error;
    }
  }

  /** Ends a running test and forgets the report. */
  cancel(): void {
    this.abort?.abort(new CancelledError());
    this.abort = undefined;
    if (this.shown) this.show(null);
  }

  /** Throws UserError `no-report`. */
  file(format: ReportFormat): { readonly name: string; readonly text: string } {
    if (!this.report) throw new UserError('no-report', 'There is no report yet. Run the TLS test first.');
    return { name: `tls-test.${EXPORT_FORMATS[format].extension}`, text: this.report.text(format) };
  }

  private show(view: TlsReportView | null): void {
    this.shown = view;
    this.onChange(view);
  }
}
