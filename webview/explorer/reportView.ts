// The TLS test's report: which boards will work, then every check.
import type { ReportFormat, TlsReportView } from '../../src/protocol/explorerModel';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { button, progressRing } from '../toolkit';
import { plural, visibleNodes } from './format';
import type { Host } from './host';
import { checkList } from './tlsPanel';

const VERDICTS = {
  works: { icon: 'pass', text: 'Works' },
  fails: { icon: 'error', text: 'Fails' },
  unknown: { icon: 'info', text: 'Cannot tell' },
} as const;

export class ReportView {
  /** Stays while the rest is made anew: readers follow a status only where it was there before its words. */
  private readonly status = h('p', { class: 'visually-hidden', role: 'status' });
  private readonly body = h('div');
  readonly element = h(
    'div',
    { class: 'report', role: 'region', attrs: { 'aria-label': 'TLS test' } },
    this.status,
    this.body,
  );

  constructor(private readonly host: Host) {}

  update(report: TlsReportView): void {
    const { address, step, error } = report;
    const save = (format: ReportFormat) => () => void this.host.act({ type: 'saveReport', format });
    const done = step === null && error === undefined;
    setText(this.status, step === null ? (done ? `TLS test done. ${outcome(report)}` : '') : `Testing: ${step}`);
    fill(
      this.body,
      h(
        'div',
        { class: 'report-head' },
        h('strong', {}, 'TLS test of ', h('span', { class: 'code' }, ...visibleNodes(address))),
        done && button('Save as Markdown…', save('markdown')),
        done && button('Save as JSON…', save('json')),
        done && button('Save as SARIF…', save('sarif')),
        button(step === null ? 'Close' : 'Cancel', () => void this.host.act({ type: 'cancelTest' })),
      ),
      step !== null &&
        h(
          'div',
          { class: 'report-step', attrs: { 'aria-hidden': 'true' } },
          progressRing('Testing'),
          h('span', {}, `Testing: ${step}`),
        ),
      error !== undefined &&
        h('div', { class: 'report-error', role: 'alert' }, icon('error'), h('span', {}, ...visibleNodes(error))),
      ...(done ? content(report) : []),
    );
  }
}

function outcome({ boards, sections }: TlsReportView): string {
  const failed = sections.flatMap(({ checks }) => checks).filter(({ result }) => result === 'failed').length;
  const works = boards.filter(({ verdict }) => verdict === 'works').length;
  return `${plural(failed, 'check')} failed. It works on ${works} of ${plural(boards.length, 'board')}.`;
}

function content({ boards, sections }: TlsReportView): Node[] {
  return [
    h('h3', {}, 'Will it work on my board?'),
    h(
      'table',
      { class: 'boards', attrs: { 'aria-label': 'Will it work on my board?' } },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['Board', 'Verdict', 'Prints', 'Why', 'What to change', 'Heap in the handshake'].map((name) =>
            h('th', { attrs: { scope: 'col' } }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...boards.map(({ board, verdict, code, why, heap, change }) =>
          h(
            'tr',
            {},
            h('th', { attrs: { scope: 'row' } }, board),
            h('td', { class: `verdict ${verdict}` }, icon(VERDICTS[verdict].icon), VERDICTS[verdict].text),
            h('td', { class: 'code' }, code),
            ...[why, change, heap].map((text) => h('td', {}, ...visibleNodes(text))),
          ),
        ),
      ),
    ),
    h(
      'div',
      { class: 'report-sections' },
      ...sections.map(({ title, checks }) => h('section', {}, h('h3', {}, title), checkList(checks))),
    ),
  ];
}
