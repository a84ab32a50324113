import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCrlUrl } from '../../../src/core/pki/crlUrl';
import { userError } from '../../support/userError';

test('an http address of a file is taken; anything that no client could fetch is refused with what to give', () => {
  assert.equal(parseCrlUrl(' http://pki.example.com/ca.crl '), 'http://pki.example.com/ca.crl');
  assert.throws(() => parseCrlUrl('certs/ca/ca.crl'), userError('crl-url', /http:\/\/pki\.example\.com/));
  for (const bad of ['http://pki.example.com', 'http://a:b@pki.example.com/ca.crl', 'http://pki.example.com/a b'])
    assert.throws(() => parseCrlUrl(bad), userError('crl-url', /whole address/), bad);
});
