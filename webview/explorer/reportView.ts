// The TLS test's report: which boards will work, then every check.
import type { ReportFormat, TlsReportView } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { icon } from '../icons';
import { button, progressRing } from '../toolkit';
import { visibleNodes } from './format';
import type { Host } from './host';
import { checkList } from './tlsPanel';

const VERDICTS = {
  works: { icon: 'pass', text: 'Works' },
  fails: { icon: 'error', text: 'Fails' },
  unknown: { icon: 'info', text: 'Cannot tell' },
} as const;

export class ReportView {
  readonly element = h('div', { class: 'report', role: 'region', attrs: { 'aria-label': 'TLS test' } });

  constructor(private readonly host: Host) {}

  update(report: TlsReportView): void {
    const { address, step, error } = report;
    const save = (format: ReportFormat) => () => void this.host.act({ type: 'saveReport', format });
    const done = step === null && error === undefined;
    fill(
      this.element,
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
        h('div', { class: 'report-step', role: 'status' }, progressRing('Testing'), h('span', {}, `Testing: ${step}`)),
      error !== undefined &&
        h('div', { class: 'report-error', role: 'alert' }, icon('error'), h('span', {}, ...visibleNodes(error))),
      ...(done ? content(report) : []),
    );
  }
}

function content({ boards, sections }: TlsReportView): Node[] {
  return [
    h('h3', {}, 'Will it work on my board?'),
    h(
      'table',
      { class: 'boards' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['Board', 'Verdict', 'Prints', 'Why', 'What to change', 'Heap in the handshake'].map((name) =>
            h('th', {}, name),
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
            h('td', {}, board),
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
