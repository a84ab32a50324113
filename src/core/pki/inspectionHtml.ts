// The page of the certificate editor: who signed whom as a drawing, what was verified, then each item of the file. HTML
// without scripts; every text from the file is escaped.

import { escapeHtml } from '../escapeHtml';
import type { InspectedItem } from './inspection';
import type { VerificationFacts } from './reportPages';

export interface InspectionPage {
  readonly title: string;
  readonly items: readonly InspectedItem[];
  /** Against the folder's authority, where there is one and the file holds a certificate. */
  readonly verification?: Omit<VerificationFacts, 'file'>;
}

/** `nonce` allows the page's own style and nothing else. */
export function inspectionHtml({ title, items, verification }: InspectionPage, nonce: string): string {
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...(verification ? [verdict(verification)] : []),
    chain(items, verification?.chain ?? []),
    ...(verification?.boards?.length ? [boards(verification.boards)] : []),
    ...items.map(section),
  ];
  return document(title, body.join('\n'), nonce);
}

/** In place of the page, when the file cannot be read. */
export function inspectionErrorHtml(title: string, message: string, nonce: string): string {
  return document(title, `<h1>${escapeHtml(title)}</h1>\n<p class="bad">${escapeHtml(message)}</p>`, nonce);
}

function verdict({ good, problems, facts }: Omit<VerificationFacts, 'file'>): string {
  const head = good ? 'Verifies: brokers, Node and OpenSSL accept it.' : 'Does not verify.';
  const lines = [
    ...problems.map((text) => `<li class="bad">${escapeHtml(text)}</li>`),
    ...facts.map((text) => `<li>${escapeHtml(text)}</li>`),
  ];
  return `<section class="verdict ${good ? 'good' : 'bad'}"><h2>${head}</h2><ul>${lines.join('')}</ul></section>`;
}

/**
 * From the top down: an authority above what it signed. The verification knows the order, also of names that are not in
 * the file; without one the issuers' names have to do.
 */
function chain(items: readonly InspectedItem[], verified: readonly string[]): string {
  const certificates = items.filter(({ certificate }) => certificate);
  const leafFirst = verified.length > 0 ? [...verified] : byIssuer(certificates);
  if (leafFirst.length < 2) return '';
  const boxes = leafFirst.reverse().map((name, depth) => {
    const item = certificates.find((one) => one.name === name);
    const facts = new Map(item?.facts ?? []);
    const detail = item
      ? [
          facts.get('Key'),
          facts
            .get('Valid')
            ?.replace(/.* to /, 'until ')
            .slice(0, 16),
        ]
      : ['not in this file'];
    const about = detail.filter((text) => text !== undefined).join(', ');
    return `<li class="d${Math.min(depth, 4)}"><span class="box"><b>${escapeHtml(name)}</b> <small>${escapeHtml(about)}</small></span></li>`;
  });
  return `<section><h2>Chain</h2><ol class="chain" aria-label="From the authority down to the certificate">${boxes.join('')}</ol></section>`;
}

/** Names, from the certificate that signed no other one of the file upwards. */
function byIssuer(items: readonly InspectedItem[]): string[] {
  const issuerOf = (item: InspectedItem) => item.certificate?.certificate.issuer.text;
  const subjectOf = (item: InspectedItem) => item.certificate?.certificate.subject.text;
  const isIssuer = (item: InspectedItem) => items.some((one) => one !== item && issuerOf(one) === subjectOf(item));
  const found: InspectedItem[] = [];
  for (let next = items.find((item) => !isIssuer(item)); next && !found.includes(next); ) {
    const below: InspectedItem = next;
    found.push(below);
    next = items.find((item) => subjectOf(item) === issuerOf(below));
  }
  return found.map(({ name }) => name);
}

function boards(rows: NonNullable<VerificationFacts['boards']>): string {
  const cells = rows.map(
    ({ label, accepted, why }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td class="${accepted ? 'good' : 'bad'}">${accepted ? '✓ accepts it' : '✗ refuses it'}</td><td>${escapeHtml(why)}</td></tr>`,
  );
  return `<section><h2>As boards see it</h2><table class="boards">${cells.join('')}</table></section>`;
}

function section({ kind, name, place, facts, remarks }: InspectedItem): string {
  const title = name === kind ? kind : `${escapeHtml(name)} <small>${kind.toLowerCase()}</small>`;
  const where = place ? `<small>, ${escapeHtml(place)}</small>` : '';
  const notes = remarks.map((text) => `<li class="warn">${escapeHtml(text)}</li>`).join('');
  const rows = facts.map(
    ([label, value]) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<section><h2>${title}${where}</h2>${notes ? `<ul>${notes}</ul>` : ''}<table>${rows.join('')}</table></section>`;
}

function document(title: string, body: string, nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `
body { font: var(--vscode-font-size) var(--vscode-font-family); color: var(--vscode-foreground); max-width: 60em; padding: 0 2em 3em; }
h1 { font-weight: 500; } h2 { font-weight: 500; font-size: 1.15em; margin: 2em 0 .6em; }
small { color: var(--vscode-descriptionForeground); font-size: .9em; font-weight: normal; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .2em 1.5em .2em 0; }
th { font-weight: normal; color: var(--vscode-descriptionForeground); white-space: nowrap; }
section > table td { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
section > .boards td { font-family: inherit; } .boards td.good, .boards td.bad { white-space: nowrap; }
ul { padding-left: 1.2em; } li { margin: .2em 0; }
.verdict { border-left: 3px solid; padding: .1em 1em; } .verdict h2 { margin: .5em 0; }
.verdict li:not(.bad) { color: var(--vscode-foreground); }
.good { color: var(--vscode-charts-green); }
.bad { color: var(--vscode-errorForeground); }
.warn::marker { content: '⚠ '; }
.chain { list-style: none; padding: 0; }
.box { display: inline-block; border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, currentColor)); border-radius: 3px; padding: .4em .8em; margin: .2em 0; }
.chain li + li::before { content: '└ signed '; color: var(--vscode-descriptionForeground); }
.d1 { margin-left: 2em; } .d2 { margin-left: 4em; } .d3 { margin-left: 6em; } .d4 { margin-left: 8em; }
`;
