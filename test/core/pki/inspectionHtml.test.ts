import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InspectedItem } from '../../../src/core/pki/inspection';
import { inspectionErrorHtml, inspectionHtml } from '../../../src/core/pki/inspectionHtml';

/** `issuer`: the name of who signed it. */
const certificate = (name: string, issuer: string) =>
  ({ certificate: { subject: { text: name }, issuer: { text: issuer } } }) as NonNullable<InspectedItem['certificate']>;

const item = (name: string, more: Partial<InspectedItem> = {}): InspectedItem => ({
  kind: 'Certificate',
  name,
  facts: [['Key', 'EC, prime256v1']],
  remarks: [],
  certificate: certificate(name, 'Root'),
  ...more,
});

test('the chain is drawn from the authority down, also where it is not in the file', () => {
  const verification = { good: true, chain: ['leaf', 'Factory', 'Root'], problems: [], facts: ['Its key matches.'] };
  const page = inspectionHtml({ title: 'x.crt', items: [item('leaf'), item('Factory')], verification }, 'n0');
  const names = [...page.matchAll(/class="box"><b>(\w+)<\/b> <small>([^<]*)/g)].map(([, name, about]) => [name, about]);
  assert.deepEqual(names, [
    ['Root', 'not in this file'],
    ['Factory', 'EC, prime256v1'],
    ['leaf', 'EC, prime256v1'],
  ]);
  assert.match(page, /class="verdict good".*Its key matches\./);
});

test('without an authority the chain follows the issuers, in whatever order the file has them', () => {
  const items = [item('Root'), item('leaf', { certificate: certificate('leaf', 'Factory') }), item('Factory')];
  const drawn = (list: readonly InspectedItem[]) =>
    [...inspectionHtml({ title: 'x', items: list }, 'n0').matchAll(/class="box"><b>(\w+)/g)].map(([, name]) => name);
  assert.deepEqual(drawn(items), ['Root', 'Factory', 'leaf']);
  assert.deepEqual(drawn([item('Root')]), []);
});

test('a single item has no chain, and without an authority no verdict', () => {
  const list = item('CA', { kind: 'Revocation list' });
  const { certificate: _, ...request } = { ...list };
  const page = inspectionHtml({ title: 'ca.crl', items: [request] }, 'n0');
  assert.ok(!/class="chain"|class="verdict/.test(page));
  assert.match(page, /CA <small>revocation list<\/small>/);
});

test('what boards say is told with the reason', () => {
  const boards = [{ label: 'BearSSL', accepted: false, why: 'not for 10.0.0.1' }];
  const verification = { good: true, chain: ['leaf'], problems: [], facts: [], boards };
  const page = inspectionHtml({ title: 'x', items: [item('leaf')], verification }, 'n0');
  assert.match(page, /BearSSL<\/th><td class="bad">✗ refuses it<\/td><td>not for 10\.0\.0\.1/);
});

test('a name cannot become markup, and the page allows no script and only its own style', () => {
  const evil = '<img src=x onerror=alert(1)>"\'&';
  const evilItem = item(evil, { facts: [[evil, evil]], remarks: [evil], place: evil });
  const verification = { good: false, chain: [evil, evil], problems: [evil], facts: [evil] };
  for (const page of [
    inspectionHtml({ title: evil, items: [evilItem, item(evil)], verification }, 'n0'),
    inspectionErrorHtml(evil, evil, 'n0'),
  ]) {
    assert.ok(!page.includes('<img'));
    assert.ok(!page.includes('<script'));
    assert.match(page, /content="default-src 'none'; style-src 'nonce-n0'"/);
    assert.ok(!/ style=/.test(page)); // the policy would not allow it
  }
});
