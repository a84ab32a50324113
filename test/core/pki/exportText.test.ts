import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cHeader, manifestCsv } from '../../../src/core/pki/exportText';
import type { InventoryRecord } from '../../../src/core/pki/inventory';

test('a C header holds the PEM texts line by line, in flash where asked', () => {
  const identity = { ca: 'CA\nPEM\n', certificate: 'CERT\n', key: 'KEY\n' };
  const header = cHeader(identity, true);
  assert.match(header, /#include <pgmspace\.h>/);
  assert.match(header, /static const char ROOT_CA\[\] PROGMEM = R"PEM\(\nCA\nPEM\n\)PEM";/);
  assert.doesNotMatch(cHeader(identity, false), /PROGMEM/);
});

test('the manifest is CSV that no spreadsheet takes for a formula', () => {
  const record: InventoryRecord = {
    name: '=1+1',
    role: 'device',
    serial: '0A',
    fingerprint: 'AA:BB',
    issuer: 'Workshop, "CA"',
    notBefore: 'a',
    notAfter: 'b',
    file: 'devices/x.crt',
    status: 'valid',
  };
  const [head, row] = manifestCsv([record]).split('\r\n');
  assert.equal(head, 'name,role,serial,fingerprint,issuer,notBefore,notAfter,status,file');
  assert.equal(row, `'=1+1,device,0A,AA:BB,"Workshop, ""CA""",a,b,valid,devices/x.crt`);
});
