import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { BootBanner } from '../../../src/core/monitor/bootBanner';
import { MonitorScreen } from '../../../src/core/monitor/monitorScreen';
import { stripAnsi } from '../../../src/core/serial/ansi';

const BOOTS = {
  ESP32: ['ets Jun  8 2016 00:22:57', '', 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)', 'configsip: 0'],
  'ESP32 revision 3': ['ets Jul 29 2019 12:21:46', '', 'rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)'],
  'ESP32-C3': ['ESP-ROM:esp32c3-api1-20210207', 'Build:Feb  7 2021', 'rst:0x3 (RTC_SW_SYS_RST),boot:0xc (SPI)'],
  'ESP32-C2': ['ESP-ROM:esp8684-api2-20220127', 'Build:Jan 27 2022', 'rst:0x1 (POWERON),boot:0xc (SPI)'],
  ESP8266: [' ets Jan  8 2013,rst cause:2, boot mode:(3,6)', '', 'load 0x4010f000, len 3460, room 16'],
  'after noise': ['\u0000\ufffd\ufffdets Jun  8 2016 00:22:57', '', 'rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI)'],
  'with its first line lost': ['\ufffd\ufffd\ufffd', 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)'],
};

describe('BootBanner', () => {
  for (const [name, lines] of Object.entries(BOOTS))
    it(`sees one boot: ${name}`, () => {
      const banner = new BootBanner();
      const log = ['I (1) main: up', ...lines, 'I (30) boot: ESP-IDF v5.1'];
      assert.equal(log.filter((line) => banner.next(line)).length, 1);
    });

  it('sees each boot of a boot loop', () => {
    const banner = new BootBanner();
    const loop = Array.from({ length: 5 }, () => [...BOOTS.ESP32, 'abort()']).flat();
    assert.equal(loop.filter((line) => banner.next(line)).length, 5);
  });

  it('takes nothing else for a boot', () => {
    const banner = new BootBanner();
    const lines = [
      'I (9) app: first: rst requested',
      'packets Jun 8',
      'sets Jan 1 2024',
      `ESP-ROM:esp32${'x'.repeat(288)}`,
      `${'x'.repeat(400)} ESP-ROM:esp32`,
    ];
    assert.deepEqual(
      lines.filter((line) => banner.next(line)),
      [],
    );
  });
});

it('counts the time from the last boot, its first line included, whoever reset the board', () => {
  const screen = new MonitorScreen(createDecoder({ platform: 'esp-idf' }), { onFinding: () => {}, clock: String });
  screen.options = { ...screen.options, timestamps: 'elapsed' };
  const push = (text: string, ms: number) => stripAnsi(screen.push(new TextEncoder().encode(text), ms)).text;
  assert.equal(push('I (1) main: up\n', 1000), '+0.000 I (1) main: up\r\n');
  assert.equal(push('I (2) main: on\n', 61_000), '+60.000 I (2) main: on\r\n');
  assert.equal(push('ets Jun  8 2016 00:22:57\r\n\r\n', 90_000), '+0.000 ets Jun  8 2016 00:22:57\r\n+0.000 \r\n');
  assert.equal(push('rst:0x1 (POWERON_RESET),boot:0x13\r\n', 90_004), '+0.004 rst:0x1 (POWERON_RESET),boot:0x13\r\n');
  assert.equal(push('I (30) boot: x\n', 90_500), '+0.500 I (30) boot: x\r\n');
});

it('hands out free heap and signal strength as soon as a line tells them', () => {
  const heard: (number | undefined)[] = [];
  const screen = new MonitorScreen(createDecoder({ platform: 'esp-idf' }), {
    onFinding: () => {},
    clock: String,
    onVitals: ({ heap, rssi }) => heard.push(heap?.last, rssi?.last),
  });
  screen.push(new TextEncoder().encode('Free heap: 182340\nnothing\nRSSI: -61 dBm\n'), 0);
  assert.deepEqual(heard, [182_340, undefined, 182_340, -61]);
});
