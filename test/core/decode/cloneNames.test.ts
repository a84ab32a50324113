import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutClone } from '../../../src/core/decode/cloneNames';

test('a copied or split function is called by its own name, on every chip', () => {
  assert.equal(withoutClone('_ZL6reportPV7Reading$constprop$0'), '_ZL6reportPV7Reading');
  assert.equal(withoutClone('esp_intr_alloc$part$3$isra$0'), 'esp_intr_alloc');
  assert.equal(withoutClone('report(Reading*) [clone .isra.0] [clone .part.1]'), 'report(Reading*)');
  assert.equal(withoutClone('app_main.cold'), 'app_main');
});

test('other names stay as they are', () => {
  for (const name of ['loop', 'a$b', 'std::function<void ()>::operator()() const', 'lambda.1'])
    assert.equal(withoutClone(name), name);
});
