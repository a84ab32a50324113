import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainMosquittoLine } from '../../../src/core/mqtt/mosquittoLog';

describe('mosquitto log', () => {
  // Lines as mosquitto 2.0 prints them with OpenSSL 3 and 1.1.
  for (const [line, says] of [
    ['1700000000: OpenSSL Error[0]: error:0A000418:SSL routines::tlsv1 alert unknown ca', /alert 48.*-0x2700/],
    [
      '1: OpenSSL Error: error:14094412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate',
      /name it connects to/,
    ],
    ['1: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate', /-0x7780/],
    ['1: OpenSSL Error[0]: error:0A00010B:SSL routines::wrong version number', /without TLS/],
    ['1: OpenSSL Error[0]: error:0A000102:SSL routines::unsupported protocol', /older than tls_version/],
    ['1: Client board disconnected, not authorised.', /login was refused/],
    ["1: Denied PUBLISH from board (d0, q1, r0, m1, 'a', ... (1 bytes))", /access list/],
    ['1: Error: Address already in use', /port is taken/],
  ] as const) {
    it(`explains "${line.slice(0, 90)}"`, () => assert.match(explainMosquittoLine(line)?.reason ?? '', says));
  }

  it('says nothing of lines that mean nothing', () => {
    for (const line of [
      '',
      '1: mosquitto version 2.0.11 running',
      '1: New client connected from ::1:4 as pump (p2, c1)',
    ])
      assert.equal(explainMosquittoLine(line), undefined);
  });
});
