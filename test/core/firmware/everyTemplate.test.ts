// What every template does right, line by line: each line of the table is asked of each project that can be made.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { findBoardKind } from '../../../src/core/firmware/boardList';
import { boardsOf } from '../../../src/core/firmware/sketchPlan';
import { FRAMEWORKS, type Framework, type Template } from '../../../src/core/firmware/template';
import { makePlainProject } from '../../support/plainProject';
import { templates, templatesFolder } from '../../support/templateChecks';

const json = (id: string) => JSON.parse(readFileSync(join(templatesFolder, id, 'template.json'), 'utf8'));

const ESP32 = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];
const ALL = [...ESP32, 'esp8266'];
const ARDUINO: readonly Framework[] = ['arduino', 'platformio'];
const WITH_IDF: readonly Framework[] = [...ARDUINO, 'esp-idf'];
/** In the order of the list: which boards, which frameworks. */
const TWELVE: Readonly<Record<string, readonly [readonly string[], readonly Framework[]]>> = {
  'mutual-tls': [ALL, WITH_IDF],
  password: [ALL, ARDUINO],
  'aws-iot': [ALL, WITH_IDF],
  littlefs: [ALL, ARDUINO],
  nvs: [ESP32, WITH_IDF],
  'certificate-bundle': [ESP32, ARDUINO],
  psk: [ESP32, WITH_IDF],
  'esp8266-bearssl': [['esp8266'], ARDUINO],
  'esp8266-portal': [['esp8266'], ARDUINO],
  'rotation-ota': [ESP32, ARDUINO],
  'payload-encryption': [['esp8266', ...ESP32], ARDUINO],
  dht: [ALL, ARDUINO],
};

interface Project {
  readonly template: Template;
  readonly framework: Framework;
  readonly board: string;
  readonly esp8266: boolean;
  /** Speaks TLS, so it has certificates, or at least keys, and a failure of TLS to report. */
  readonly tls: boolean;
  readonly files: ReadonlyMap<string, string>;
  /** All of its C and C++. */
  readonly code: string;
  readonly readme: string;
}

function makeProject(template: Template, framework: Framework, board: string): Project {
  const { files } = makePlainProject(template, framework, board);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const code = files.filter(({ path }) => /\.(ino|h|c|cpp)$/.test(path)).map(({ text }) => text);
  const esp8266 = findBoardKind(board)?.chip === 'esp8266';
  const tls = template.id !== 'payload-encryption';
  return {
    template,
    framework,
    board,
    esp8266,
    tls,
    files: texts,
    code: code.join('\n'),
    readme: texts.get('README.md') ?? '',
  };
}

const projects = templates.flatMap((template) =>
  FRAMEWORKS.filter((framework) => template.frameworks[framework]).flatMap((framework) =>
    boardsOf(template, framework).map(({ id }) => makeProject(template, framework, id)),
  ),
);

const matches = (text: string, pattern: RegExp, what: string): void => assert.match(text, pattern, what);

/** The line that the README shows as an example. */
function sampleLine({ readme }: Project): string {
  return /^\[secure-iot\] connect failed .*$/m.exec(readme)?.[0] ?? assert.fail('the README shows no failure line');
}

/** How often each path is planned. */
function twice(project: Project): string[] {
  const entry = project.template.frameworks[project.framework];
  const chip = project.esp8266 ? 'esp8266' : 'esp32';
  const paths = (entry?.files ?? []).filter((file) => (file.chip ?? chip) === chip).map(({ target }) => target);
  return paths.filter((path, i) => paths.indexOf(path) !== i);
}

const TABLE: readonly (readonly [string, (project: Project) => void])[] = [
  [
    'the time is set where the stack needs it, and where not it says why not',
    ({ esp8266, tls, code, framework, files, readme }) => {
      matches(code, framework === 'esp-idf' ? /esp_sntp_init\(\)/ : /config(Tz)?Time\(TIME_ZONE, /, 'NTP');
      if (!tls) return matches(code, /nothing that needs the time/, 'no certificates, no dates');
      if (esp8266) {
        return matches(code, /waiting for the time \(NTP\)/, 'and it waits');
      }
      const words = framework === 'esp-idf' ? (files.get('sdkconfig.defaults') ?? '') + readme : code;
      matches(words, /HAVE_TIME_DATE|nothing here has a date|Pre-shared keys/, 'why not');
    },
  ],
  [
    'it backs off with jitter, and starts anew only after a connection that held',
    ({ code }) => {
      matches(code, /random\(ceiling_ \/ 2 \+ 1\)|esp_random\(\) % \(half \+ 1\)/, 'half of the pause is random');
      matches(
        code,
        /60000UL\) (mode->)?reconnect\.succeeded\(\)|connected_ms > 60000\) backoff_reset/,
        'held a minute',
      );
    },
  ],
  [
    'keep-alive, Last Will and retained status',
    ({ code, framework }) => {
      if (framework === 'esp-idf') {
        matches(code, /\.session\.keepalive = MQTT_KEEP_ALIVE_S/, 'keep-alive');
        matches(code, /\.last_will = \{\.topic = TOPIC_STATUS, \.msg = "offline", \.qos = 1, \.retain = 1\}/, 'will');
        return matches(code, /TOPIC_STATUS, "online", 0, 1, 1\)/, 'retained status');
      }
      matches(code, /setKeepAlive\(MQTT_KEEP_ALIVE_S\)/, 'keep-alive');
      matches(code, /1, true, "offline", true\)/, 'will');
      matches(
        code,
        /(publish|publishSealed)\((TOPIC_STATUS|topicOf\("status"\)\.c_str\(\)), "online", true\)/,
        'status',
      );
    },
  ],
  [
    'buffers are big enough, and what does not fit is said',
    ({ code, framework }) => {
      const bytes = Number(/#define MQTT_BUFFER_BYTES (\d+)/.exec(code)?.[1]);
      assert.ok(bytes >= 1024);
      if (framework !== 'esp-idf') matches(code, /if \(!\S*setBufferSize\(MQTT_BUFFER_BYTES\)\)/, 'checked');
      matches(code, /publish failed/, 'said');
    },
  ],
  ['no file is made twice', (project) => assert.deepEqual(twice(project), [])],
  [
    'it never switches the check off',
    ({ code }) => assert.doesNotMatch(code, /setInsecure|allowSelfSigned|VERIFY_NONE/),
  ],
  [
    'a failure is one line with code, text, heap, largest block, time and RSSI',
    (project) => {
      const line = sampleLine(project);
      matches(line, / heap=\d+ largest=\d+ time=\S+ rssi=-?\d+/, 'the README shows them');
      const formats = [...project.code.matchAll(/connect failed (?:[^"\\]|\\.|"\s*\n?\s*")*/g)].map(
        ([format]) => format,
      );
      const names = (text: string): string => [...text.matchAll(/(\w+)=/g)].map(([, name]) => name).join(' ');
      // The IDF line names its retry in a line of its own.
      assert.ok(
        formats.some((format) => names(format) === names(line)),
        `${names(line)} | ${formats.map(names).join(' | ')}`,
      );
    },
  ],
  [
    'our decoder knows that line',
    (project) => {
      const { esp8266, framework } = project;
      const decoder = createDecoder({
        platform: esp8266 ? 'esp8266' : framework === 'esp-idf' ? 'esp-idf' : 'arduino-esp32',
      });
      const findings = decoder.next(sampleLine(project)).concat(decoder.end());
      assert.ok(findings.length > 0);
    },
  ],
  [
    'the broker gets the matching access list',
    ({ template, files, readme }) => {
      if (template.id === 'certificate-bundle') return matches(readme, /topics|access/i, "the provider's own");
      if (template.id === 'aws-iot') return matches(files.get('aws/policy.json') ?? '', /iot:Publish/, 'policy');
      const acl = files.get('mosquitto/acl') ?? '';
      matches(acl, /^(topic|pattern) write devices\/(sensor-1|%u)\/telemetry$/m, 'may report');
      matches(acl, /^(topic|pattern) read devices\/(sensor-1|%u)\/(command|identity\/\+)$/m, 'may listen');
      const conf = files.get('mosquitto/mosquitto.conf') ?? '';
      matches(conf, /^acl_file acl$/m, 'switched on');
      matches(conf, /^allow_anonymous false$/m, 'nobody without a name');
    },
  ],
  [
    'the README tells wiring, first run, what it prints, and the way to production',
    ({ readme, esp8266, framework }) => {
      matches(readme, /Nothing needs to be wired|^## Wiring/m, 'wiring');
      for (const title of ['First run', 'What it prints', 'To production'])
        matches(readme, new RegExp(`^## ${title}$`, 'm'), title);
      if (esp8266) matches(readme, /no flash encryption/, 'what the chip cannot do');
      else matches(readme, /\*\*flash encryption\*\*\s+and \*\*secure\s+boot\*\*/, 'flash encryption and secure boot');
      matches(readme, /[Rr]enew|rotation|[Cc]hange|new key/, 'keys and certificates change');
      const command = { arduino: /arduino-cli compile/, platformio: /pio run/, 'esp-idf': /idf\.py build/ }[framework];
      matches(readme, command, 'how to build');
      assert.doesNotMatch(readme, /\{\{|undefined/);
    },
  ],
  [
    'the README speaks of no file that is not there',
    ({ readme, files }) => {
      const names = [...files.keys()];
      for (const [, name = ''] of readme.matchAll(/^- `([\w./]+)`/gm)) {
        const there = names.some((path) => path === name || path.endsWith(`/${name}`) || path.startsWith(name));
        assert.ok(there, name);
      }
    },
  ],
  [
    'git ignores what its README and its broker settings tell to make and holds secrets',
    ({ readme, files, template }) => {
      const told = `${readme}\n${files.get('mosquitto/mosquitto.conf') ?? ''}`;
      const makes = /(?:nvs\s+build\s+\S+\.csv|nvs\s+keys|littlefs\s+build\s+\S+|mosquitto_passwd\s+-c)\s+([\w./-]+)/g;
      const made = [...told.matchAll(makes)].map(([, name = '']) => name);
      if (['nvs', 'password', 'payload-encryption'].includes(template.id)) assert.ok(made.length > 0);
      const ignored = files.get('.gitignore')?.split('\n') ?? [];
      assert.deepEqual(
        made.filter((name) => !ignored.includes(name)),
        [],
      );
      assert.doesNotMatch(readme, /`secure-iot nvs keys`/, 'it takes the name of a file');
    },
  ],
  [
    'its tool finds a project for the board',
    ({ framework, board, files }) => {
      const kind = findBoardKind(board) ?? assert.fail(board);
      if (framework === 'arduino') {
        const yaml = files.get('sketch.yaml') ?? '';
        matches(yaml, new RegExp(`^ {2}${board}:\n {4}fqbn: ${kind.fqbn}$`, 'm'), 'profile');
        matches(yaml, new RegExp(`^default_profile: ${board}$`, 'm'), 'default');
        matches(yaml, /platform: esp(32:esp32|8266:esp8266) \(\d+\.\d+\.\d+\)/, 'a version of the core');
        return matches(yaml, /^ {6}- PubSubClient \(2\.8\.0\)$/m, 'a version of the library');
      }
      if (framework === 'platformio') {
        const ini = files.get('platformio.ini') ?? '';
        matches(ini, new RegExp(`^board = ${kind.platformio}$`, 'm'), 'board');
        matches(
          ini,
          /^platform = (https:\S+\/\d[\d.]+\/platform-espressif32\.zip|espressif8266@\d+\.\d+\.\d+)$/m,
          'a version',
        );
        return matches(ini, /knolleary\/PubSubClient@~2\.8/, 'a version of the library');
      }
      matches(files.get('sdkconfig.defaults') ?? '', new RegExp(`^CONFIG_IDF_TARGET="${board}"$`, 'm'), 'target');
      matches(
        files.get('main/idf_component.yml') ?? '',
        /espressif\/mqtt:[\s\S]*idf_version >=6\.0[\s\S]*"\^1\.0\.0"/,
        'IDF 6',
      );
    },
  ],
  [
    'what was checked in which version is noted',
    ({ template }) => {
      const { verified } = json(template.id);
      assert.ok(Array.isArray(verified) && verified.length >= 2);
      for (const { source, versions, names } of verified) {
        assert.ok(source && versions && Array.isArray(names) && names.length > 0, JSON.stringify(source));
      }
    },
  ],
];

test('the twelve are there, for the boards and frameworks that the issue names, in its order', () => {
  const listed = [...templates].sort((a, b) => a.place - b.place);
  assert.deepEqual(listed.map(({ id }) => id).sort(), Object.keys(TWELVE).sort());
  for (const { id, boards, frameworks } of listed) {
    assert.deepEqual(
      [[...boards].sort(), Object.keys(frameworks)],
      [[...(TWELVE[id]?.[0] ?? [])].sort(), TWELVE[id]?.[1]],
      id,
    );
  }
});

for (const [line, check] of TABLE) {
  test(`every template: ${line}`, async (t) => {
    for (const project of projects) {
      const name = `${project.template.id}, ${project.framework}, ${project.board}`;
      await t.test(name, () => check(project));
    }
  });
}
