import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chipByName, chipInBootLog, downloadModeAdvice } from '../../../src/core/firmware/chips';

// The pin that is low at reset for download mode, and what else must hold: esptool's "Boot Mode Selection" and, for the
// C5 and P4, Espressif's hardware design guidelines.
const PINS: Readonly<Record<string, readonly [pin: number, other?: RegExp]>> = {
  esp8266: [0, /GPIO15 must be low/],
  esp32: [0, /GPIO2 must be low/],
  esp32s2: [0, /GPIO46 must be low/],
  esp32s3: [0, /GPIO46 must be low/],
  esp32c2: [9],
  esp32c3: [9, /GPIO8 must be high/],
  esp32c5: [28],
  esp32c6: [9, /GPIO8 must be high/],
  esp32h2: [9],
  esp32p4: [35],
};

for (const [target, [pin, other]] of Object.entries(PINS))
  it(`says which pin brings the ${target} into download mode`, () => {
    const text = downloadModeAdvice({ chip: chipByName(target) });
    assert.match(text, /^Hold the BOOT button.*press and release RESET \(EN\), let BOOT go/);
    assert.match(text, new RegExp(`connect GPIO${pin} to GND`));
    if (other) assert.match(text, other);
    assert.doesNotMatch(text, /USB/);
  });

it('names the pins of all chips where it does not know which one', () => {
  assert.match(downloadModeAdvice(), /GPIO0 \(GPIO9 on ESP32-C2, C3, C6, H2; GPIO28 on C5; GPIO35 on P4\)/);
});

it('says what is different where USB leads to the chip itself', () => {
  const text = downloadModeAdvice({ chip: chipByName('ESP32-S2'), nativeUsb: true });
  assert.match(text, /perhaps under another name\. After flashing press RESET\.$/);
});

for (const [line, target] of [
  ['ets Jun  8 2016 00:22:57', 'esp32'],
  ['ets Jul 29 2019 12:21:46', 'esp32'],
  [' ets Jan  8 2013,rst cause:2, boot mode:(3,6)', 'esp8266'],
  ['ESP-ROM:esp32s2-rc4-20191025', 'esp32s2'],
  ['ESP-ROM:esp32c3-api1-20210207', 'esp32c3'],
  ['\u0000\ufffdESP-ROM:esp32s3-20210327', 'esp32s3'],
  ['ESP-ROM:esp8684-api2-20220127', 'esp32c2'],
  ['ESP-ROM:esp32c6-20220919', 'esp32c6'],
  ['ESP-ROM:esp32h2-20221101', 'esp32h2'],
  ['ESP-ROM:esp32p4-eco2-20240710', 'esp32p4'],
] as const)
  it(`knows the chip that boots with "${line}"`, () => assert.equal(chipInBootLog(line)?.target, target));

it('knows no chip in what an application prints', () => {
  assert.equal(chipInBootLog('I (1) main: packets Jan 8 2013, esp32c3'), undefined);
});
