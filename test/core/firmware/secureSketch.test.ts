// Secure This Sketch on the many shapes that plain sketches have. test/firmwareHost compiles and runs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../src/core/diagnose/applyEdits';
import { UserError } from '../../../src/core/errors';
import { secureSketch } from '../../../src/core/firmware/secureSketch';
import { REFUSED_SKETCHES, VARIED_SKETCHES } from '../../support/plainSketches';

const identity = { ca: 'CA PEM', device: 'DEVICE PEM', deviceKey: 'KEY PEM' };

for (const { name, files, expects } of VARIED_SKETCHES) {
  test(`${name}: gets the CA, the certificate and the key, and keeps the rest`, () => {
    const { edits } = secureSketch(files, identity);
    const changed = applyEdits(files, edits);
    const all = [...files.filter(({ path }) => !changed.some((file) => file.path === path)), ...changed];
    const text = all.map((file) => file.text).join('\n');
    for (const pattern of expects) assert.match(text, pattern);
    assert.doesNotMatch(text, /\b1883\b(?!.*keeps)/);
    assert.doesNotMatch(text, /setInsecure/);
    for (const { path, text: old } of files) {
      const now = all.find((file) => file.path === path)?.text ?? '';
      const lost = old
        .split(/\r?\n/)
        .filter(
          (line) =>
            !/1883|(WiFi|Network)Client\b|setServer|begin\("broker|connect\("broker/.test(line) && !now.includes(line),
        );
      assert.deepEqual(lost, [], `${path} keeps every other line`);
      if (old.includes('\r\n')) assert.doesNotMatch(now, /[^\r]\n/, 'line ends stay as they are');
    }
  });
}

for (const { name, files, code, reason } of REFUSED_SKETCHES) {
  test(`${name}: is refused with the reason`, () => {
    assert.throws(
      () => secureSketch(files, identity),
      (error) => error instanceof UserError && error.code === code && reason.test(error.message),
    );
  });
}
