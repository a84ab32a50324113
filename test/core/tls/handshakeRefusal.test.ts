import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainHandshakeFailure } from '../../../src/core/tls/handshakeRefusal';

const withAlert = (number: number) =>
  explainHandshakeFailure({ code: 'ERR_SSL', message: `error:0A:SSL routines::x:SSL alert number ${number}` });

describe('handshake refusal', () => {
  // The order of the checks: ssl_parse_certificate_verify, library/ssl_tls.c, Mbed TLS 2.28 to 3.6.
  for (const [number, says] of [
    [42, /name it connects to is not in the broker certificate/],
    [43, /may not be used for a server/],
    [45, /expired by its clock/],
    [48, /not signed by a CA that it trusts/],
  ] as const) {
    it(`reads alert ${number} as what Mbed TLS means by it`, () => {
      assert.match(withAlert(number).reason, says);
      assert.match(withAlert(number).deviceCode ?? '', /^-0x2700/);
      assert.equal(withAlert(number).refusedBy, 'client');
    });
  }

  it('names an alert that says nothing about certificates', () => {
    const { reason, deviceCode } = withAlert(80);
    assert.match(reason, /alert 80 \(internal_error\)/);
    assert.equal(deviceCode, undefined);
  });

  it('keeps the library’s words for what it does not know', () => {
    assert.match(explainHandshakeFailure({ code: 'ERR_X', message: 'odd thing' }).reason, /odd thing \(ERR_X\)/);
  });

  it('says that the certificate of the client has expired', () => {
    const refusal = explainHandshakeFailure({
      code: 'ECONNRESET',
      message: 'socket hang up',
      clientCertificateError: 'CERT_HAS_EXPIRED',
    });
    assert.match(refusal.reason, /it has expired \(CERT_HAS_EXPIRED\)/);
  });
});
