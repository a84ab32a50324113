// Every template, compiled by the ESP8266's own compiler without a warning, and with room on the chip's stack.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { boardsOf } from '../../src/core/firmware/sketchPlan';
import type { Framework, Template } from '../../src/core/firmware/template';
import { makePlainProject } from '../support/plainProject';
import { templates } from '../support/templateChecks';
import { temporaryFolder } from '../support/temporaryFolder';
import { crossCompiler, type Target } from './crossCompiler';

/** The sketch's task has 4 kB on the ESP8266 and 8 kB on the ESP32, for all that is called at once; BearSSL has its own. */
const LARGEST_FRAME = { esp8266: 1024, esp32: 2048 };

/** On the ESP32 32 bits are a long (its newlib since GCC 11), on the ESP8266 an int: a "%u" is right on one of them. */
const LONG_32 = ['INT32', 'UINT32'].flatMap((name) => [
  `-U__${name}_TYPE__`,
  `-D__${name}_TYPE__=${name === 'INT32' ? '' : 'unsigned '}long`,
]);

const ESP8266: Target = { shims: ['arduino', 'esp8266'], flags: ['-std=gnu++17', '-DESP8266'] };
const ESP32 = ['2 11', '3 2b'].map((core): Target => {
  const [major, standard] = core.split(' ');
  return {
    shims: ['arduino', 'esp32'],
    flags: [...LONG_32, `-std=gnu++${standard}`, '-DESP32', `-DHOST_CORE_MAJOR=${major}`],
  };
});
const IDF = ['500 17', '600 2x'].map((version): Target => {
  const [number, standard] = version.split(' ');
  return { shims: ['idf'], flags: [...LONG_32, `-std=gnu${standard}`, `-DHOST_IDF_VERSION=${number}`] };
});

function write(template: Template, framework: Framework, board: string): string {
  const folder = temporaryFolder('cross-project');
  for (const { path, text } of makePlainProject(template, framework, board).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

for (const template of templates) {
  for (const chip of ['esp8266', 'esp32'] as const) {
    const board = boardsOf(template, 'arduino').find((one) => one.chip === chip);
    if (!board) continue;
    test(`${template.id} (${chip}): no warning for 32 bits, and frames that fit its stack`, (t) => {
      const compile = crossCompiler(t);
      if (!compile) return;
      const folder = write(template, 'arduino', board.id);
      for (const target of chip === 'esp8266' ? [ESP8266] : ESP32) {
        const { messages, stack } = compile(folder, 'project.ino', target);
        if (template.id === 'certificate-bundle' && target === ESP32[0]) {
          assert.match(messages, /#error "useBuiltinCACertBundle\(\) came with arduino-esp32 3\.x/);
          continue;
        }
        assert.equal(messages, '');
        assert.ok(stack.size > 5, 'functions are found');
        const large = [...stack].filter(([, bytes]) => bytes > LARGEST_FRAME[chip]);
        assert.deepEqual(large, []);
      }
    });
  }

  if (!template.frameworks['esp-idf']) continue;
  test(`${template.id} (ESP-IDF 5.0, 6.0): no warning for 32 bits, which ESP-IDF 6 takes for errors`, (t) => {
    const compile = crossCompiler(t);
    if (!compile) return;
    const main = join(write(template, 'esp-idf', 'esp32c3'), 'main');
    for (const file of ['main.c', 'mqtt_setup.c', 'report.c', 'wall_clock.c', 'wifi_link.c']) {
      for (const target of IDF) assert.equal(compile(main, file, target).messages, '', file);
    }
  });
}

test('the compiler tells a format that is wrong on one chip only, and a frame that is too large', (t) => {
  const compile = crossCompiler(t);
  if (!compile) return;
  const folder = temporaryFolder('cross-project');
  const body = 'uint32_t n = millis(); char big[3000]; memset(big, n, 3000); Serial.printf("%u %s", n, big);';
  writeFileSync(join(folder, 'bad.ino'), `#include <Arduino.h>\nvoid setup() { ${body} }\nvoid loop() {}\n`);
  assert.equal(compile(folder, 'bad.ino', ESP8266).messages, '');
  for (const target of ESP32) {
    const { messages, stack } = compile(folder, 'bad.ino', target);
    assert.match(messages, /'%u' expects argument of type 'unsigned int'/);
    assert.ok((stack.get('bad.ino: void setup()') ?? 0) > 3000);
  }
});
