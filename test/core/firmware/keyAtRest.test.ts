import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyAtRestAdvice } from '../../../src/core/firmware/keyAtRest';

describe('the advice for a private key in clear flash', () => {
  it('says that flash encryption alone does not cover NVS', () => {
    const advice = keyAtRestAdvice('esp32', 'nvs');
    assert.match(advice, /CONFIG_SECURE_FLASH_ENC_ENABLED.*CONFIG_NVS_ENCRYPTION.*alone does not cover NVS/);
    assert.doesNotMatch(advice, /HMAC|Digital Signature/);
  });

  it('offers the HMAC peripheral only to chips that have one, and only for NVS', () => {
    for (const target of ['esp32s2', 'esp32s3', 'esp32c3', 'esp32c6', 'esp32h2', 'esp32p4'])
      assert.match(keyAtRestAdvice(target, 'nvs'), /CONFIG_NVS_SEC_KEY_PROTECT_USING_HMAC/, target);
    for (const target of ['esp32', 'esp32c2']) assert.doesNotMatch(keyAtRestAdvice(target, 'nvs'), /HMAC/, target);
    assert.doesNotMatch(keyAtRestAdvice('esp32c3', 'secure-cert'), /CONFIG_NVS/);
  });

  it('says that an encrypted NVS with its keys beside it in clear protects nothing', () => {
    assert.match(keyAtRestAdvice('esp32', 'nvs-encrypted'), /keys lie readable in the nvs_keys partition beside it/);
  });

  it('does not promise flash encryption to an ESP8266', () => {
    const advice = keyAtRestAdvice('esp8266', 'littlefs');
    assert.match(advice, /ESP8266 cannot encrypt its flash/);
    assert.doesNotMatch(advice, /CONFIG_/);
  });
});
