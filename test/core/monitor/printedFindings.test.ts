import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { PrintedFindings } from '../../../src/core/monitor/printedFindings';

it('finds again what was found, by its name in the hint and as the board printed it', () => {
  const line = 'E (1234) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';
  const [finding] = createDecoder({ platform: 'esp-idf' }).next(line);
  assert.ok(finding);
  const printed = new PrintedFindings();
  assert.deepEqual(printed.in(line), []);
  printed.add(finding);
  const texts = (of: string) => printed.in(of).map(({ start, length }) => of.slice(start, start + length));
  assert.deepEqual(texts(`  ↳ ${finding.name}: refused`), [finding.name]);
  assert.deepEqual(texts(line), [finding.text]);
  assert.deepEqual(texts('I (1) main: fine'), []);
  for (let i = 0; i < 300; i++) printed.add({ ...finding, name: `NAME_${i}`, text: `-0x${i}00` });
  assert.ok(printed.in('NAME_299').length > 0);
  assert.deepEqual(texts(line), [], 'bounded');
});
