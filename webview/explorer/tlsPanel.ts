// What the handshake agreed on, the broker's certificates, and what was verified.
import type { CertificateSummary } from '../../src/core/tls/handshakeFacts';
import type { TlsCheck, TlsView } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { icon } from '../icons';
import { formatDate, visibleNodes } from './format';

const DAY_MS = 86_400_000;

export class TlsPanel {
  readonly element = h('div', { class: 'tls-panel' });

  /** `connected` without `tls` is a connection that is not encrypted. */
  update(tls: TlsView | null, connected: boolean): void {
    if (tls) fill(this.element, ...this.view(tls));
    else
      fill(
        this.element,
        h(
          'div',
          { class: 'empty' },
          connected && icon('warning'),
          h(
            'p',
            {},
            connected
              ? 'This connection is not encrypted: everyone on the network can read and change it. Use mqtts or wss.'
              : 'Connect with mqtts or wss to see the negotiated version, the cipher and the certificates.',
          ),
        ),
      );
  }

  private view(tls: TlsView): Node[] {
    const fact = (name: string, value: string): Node[] => (value ? [h('dt', {}, name), h('dd', {}, value)] : []);
    return [
      h('h3', {}, 'Verified'),
      checkList(tls.checks),
      h('h3', {}, 'Negotiated'),
      h(
        'dl',
        { class: 'facts-list' },
        ...fact('Version', tls.version),
        ...fact('Cipher suite', tls.cipher),
        ...fact('Key exchange', tls.keyExchange),
        ...fact('Server name (SNI)', tls.servername || 'none sent'),
        ...fact('ALPN', tls.alpn),
        ...fact('Session', tls.resumed ? 'resumed' : 'full handshake'),
      ),
      h('h3', {}, `Certificate chain (${tls.chain.length})`),
      h(
        'ol',
        { class: 'chain' },
        ...tls.chain.map((certificate, index) => this.certificate(certificate, index, tls.chain.length)),
      ),
    ];
  }

  private certificate(certificate: CertificateSummary, index: number, count: number): HTMLElement {
    const { subject, issuer, names, notBeforeMs, notAfterMs, fingerprint, key, signature } = certificate;
    const role = index === 0 ? 'Broker' : subject === issuer ? 'Root authority' : 'Intermediate authority';
    const daysLeft = Math.floor((notAfterMs - Date.now()) / DAY_MS);
    const left = daysLeft < 0 ? `expired ${-daysLeft} days ago` : `${daysLeft} days left`;
    const fact = (name: string, value: string): Node[] =>
      value ? [h('dt', {}, name), h('dd', {}, ...visibleNodes(value))] : [];
    return h(
      'li',
      { class: 'certificate', attrs: { 'aria-label': `${role}, ${index + 1} of ${count}` } },
      h(
        'div',
        { class: 'certificate-head' },
        h('span', { class: 'badge' }, role),
        h('strong', {}, ...visibleNodes(subject)),
      ),
      h(
        'dl',
        { class: 'facts-list' },
        ...fact('Issued by', subject === issuer ? 'itself' : issuer),
        ...fact('Names (SAN)', names.join(', ')),
        ...fact('Valid', `${formatDate(notBeforeMs)} to ${formatDate(notAfterMs)} (${left})`),
        ...fact('Key', key),
        ...fact('Signature', signature),
        h('dt', {}, 'SHA-256'),
        h('dd', { class: 'code fingerprint' }, ...breakable(fingerprint)),
      ),
    );
  }
}

/** May break after each colon, and nowhere else. */
function breakable(fingerprint: string): Node[] {
  return fingerprint.split(/(?<=:)/).flatMap((pair) => [new Text(pair), h('wbr')]);
}

/** Checks with their outcome in words as well as in colour. */
export function checkList(checks: readonly TlsCheck[]): HTMLElement {
  const icons = { passed: 'pass', failed: 'error', info: 'info' } as const;
  return h(
    'ul',
    { class: 'checks' },
    ...checks.map(({ result, label, detail }) =>
      h(
        'li',
        { class: `check ${result}` },
        icon(icons[result]),
        h('span', { class: 'visually-hidden' }, `${result}: `),
        h('span', { class: 'check-label' }, label),
        h('span', { class: 'check-detail' }, ...visibleNodes(detail)),
      ),
    ),
  );
}
