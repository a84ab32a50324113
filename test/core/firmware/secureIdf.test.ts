// Secure This Sketch on the shapes that plain ESP-IDF programs have. test/firmwareHost compiles and runs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../src/core/diagnose/applyEdits';
import { readPlainIdf } from '../../../src/core/firmware/plainIdf';
import { secureIdf } from '../../../src/core/firmware/secureIdf';
import { IDF_PROGRAMS, REFUSED_IDF } from '../../support/plainIdfPrograms';
import { userError } from '../../support/userError';

const identity = { ca: 'CA PEM', device: 'DEVICE PEM', deviceKey: 'KEY PEM' };

for (const { name, files, expects } of IDF_PROGRAMS)
  test(`${name}: gets the CA, the certificate and the key, and keeps the rest`, () => {
    const program = readPlainIdf(files);
    assert.ok(program);
    assert.equal(program.host, 'broker.test');
    const changed = applyEdits(files, secureIdf(files, program, identity).edits);
    const all = [...files.filter(({ path }) => !changed.some((file) => file.path === path)), ...changed];
    const text = all.map((file) => file.text).join('\n');
    for (const pattern of expects) assert.match(text, pattern);
    for (const file of ['main/certificates.h', 'main/secrets.h']) assert.ok(all.some(({ path }) => path === file));
    assert.match(text, /static const char DEVICE_KEY\[\] =\n {2}"KEY PEM\\n";/);
    for (const { path, text: old } of files) {
      const now = all.find((file) => file.path === path)?.text ?? '';
      const lines = old.split('\n').filter((line) => !/mqtt:|config_t mqtt_cfg/.test(line) && !now.includes(line));
      assert.deepEqual(lines, [], `${path} keeps every other line`);
    }
  });

for (const [name, files, code, reason] of REFUSED_IDF)
  test(`${name}: is refused with the reason`, () => {
    assert.throws(() => readPlainIdf(files), userError(code, reason));
  });

test('a port of its own is kept, and said', () => {
  const [first] = IDF_PROGRAMS;
  const files = (first?.files ?? []).map(({ path, text }) => ({ path, text: text.replace('1883', '1884') }));
  const program = readPlainIdf(files);
  assert.ok(program);
  const { edits, notes } = secureIdf(files, program, identity);
  assert.ok(edits.some(({ newText }) => newText === '"mqtts://broker.test:1884"'));
  assert.match(notes.join(' '), /port is not 1883 and was kept/);
});

test('an Arduino sketch is none, and a program without MQTT neither', () => {
  const sketch = [{ path: 'a.ino', text: '#include <PubSubClient.h>\n#include "mqtt_client.h"' }];
  assert.equal(readPlainIdf(sketch), undefined);
  assert.equal(readPlainIdf([{ path: 'a.c', text: 'int main(void) {}' }]), undefined);
});
