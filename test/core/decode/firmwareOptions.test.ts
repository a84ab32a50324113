import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { firmwareOptions } from '../../../src/core/decode/firmwareOptions';
import { stackFacts } from '../../../src/core/diagnose/stackFacts';

const of = (path: string, text: string) => firmwareOptions(stackFacts([{ path, text }], []));

test('reads platform and versions from the files of a project', () => {
  const sdkconfig = 'CONFIG_IDF_INIT_VERSION="5.3.1"\n';
  assert.deepEqual(of('sdkconfig', sdkconfig), {
    platform: 'esp-idf',
    mbedtls: '3.6',
    idf: '5.3',
    knownBy: 'sdkconfig',
  });
  assert.deepEqual(
    of('dependencies.lock', 'dependencies:\n  idf:\n    source:\n      type: idf\n    version: 4.4.6\n'),
    {
      platform: 'esp-idf',
      mbedtls: '2.28',
      idf: '4.4',
      knownBy: 'dependencies.lock',
    },
  );
  assert.deepEqual(of('platformio.ini', '[env:d1]\nplatform = espressif8266@4.2.1\nframework = arduino\n'), {
    platform: 'esp8266',
    knownBy: 'platformio.ini',
  });
  const sketch =
    'profiles:\n  a:\n    fqbn: esp32:esp32:esp32\n    platforms:\n      - platform: esp32:esp32 (3.0.7)\n';
  assert.deepEqual(of('sketch.yaml', sketch), { platform: 'arduino-esp32', mbedtls: '3.6', knownBy: 'sketch.yaml' });
});

test('leaves open what the files do not settle', () => {
  assert.deepEqual(of('sketch.yaml', 'default_fqbn: x\nprofiles:\n  a:\n    fqbn: esp32:esp32:esp32\n'), {
    platform: 'arduino-esp32',
    knownBy: 'sketch.yaml',
  });
  assert.deepEqual(of('readme.txt', ''), {});
});

const NUMBER = 'E (99) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x6E00';

test('a number reads as the project’s library has it, and says so', () => {
  const name = (path: string, text: string) => {
    const [found] = createDecoder(of(path, text)).next(NUMBER);
    assert.equal(found?.platformKnownBy, 'sdkconfig');
    return found?.name;
  };
  const older = name('sdkconfig', 'CONFIG_IDF_INIT_VERSION="4.4.6"');
  const newer = name('sdkconfig', 'CONFIG_IDF_INIT_VERSION="5.3.1"');
  assert.notEqual(older, newer);
});

test('a boot banner tells more than the files, which may be newer than the firmware', () => {
  const decoder = createDecoder(of('sdkconfig', 'CONFIG_IDF_INIT_VERSION="5.3.1"'));
  decoder.next('I (29) boot: ESP-IDF v4.4.6 2nd stage bootloader');
  const [found] = decoder.next(NUMBER);
  assert.equal(found?.version, '2.28');
  assert.equal(found?.platformKnownBy, 'boot-banner');
  const arduino = createDecoder({ platform: 'arduino-esp32', knownBy: 'platformio.ini' });
  arduino.next('I (29) boot: ESP-IDF v4.4.6 2nd stage bootloader');
  assert.equal(arduino.next(NUMBER)[0]?.platform, 'arduino-esp32');
});

test('an option is never overruled', () => {
  const decoder = createDecoder({ platform: 'esp8266', mbedtls: '3.6', idf: '5.3' });
  decoder.next('I (29) boot: ESP-IDF v4.4.6 2nd stage bootloader');
  const [found] = decoder.next(NUMBER);
  assert.deepEqual([found?.platform, found?.version], ['esp8266', '3.6']);
});
