// Every template, of every framework, on every board: values that are legal and hostile arrive in each file as they are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { boardsOf, planSketch } from '../../../src/core/firmware/sketchPlan';
import { refuseSlotValue } from '../../../src/core/firmware/slotValue';
import type { Framework, Template } from '../../../src/core/firmware/template';
import { templates, templatesFolder } from '../../support/templateChecks';

const PEM = (label: string): string => `-----BEGIN ${label}-----\n${'QUJD'.repeat(16)}\n-----END ${label}-----\n`;
const NASTY = `a"b\\c*/d/*e//f??/g'h%s\${i}$(j)\`k\`{{host|c}}<l>ü東😀👨‍👩‍👧`;
const HOSTILE: Readonly<Record<string, string>> = {
  host: 'xn--mnchen-3ya.broker.test',
  port: '65535',
  deviceId: 'Zürich 東.1_a-9',
  publishTopic: NASTY,
  topicFilter: `${NASTY}/+/#`,
  text: `${NASTY} `.repeat(150).trim(),
  ssid: '"\\*/ü😀??/\'%s',
  wifiPassword: 'p"w\\d*/??/ü\'%s#end\\',
  seconds: '86400',
  certificate: PEM('CERTIFICATE'),
  privateKey: PEM('PRIVATE KEY'),
  publicKey: PEM('PUBLIC KEY'),
  hexKey: 'a0'.repeat(32),
};

const valuesOf = (template: Template): Record<string, string> =>
  Object.fromEntries(template.slots.flatMap(({ name, kind }) => (HOSTILE[kind] ? [[name, HOSTILE[kind]]] : [])));

function make(template: Template, framework: Framework, board: string): Map<string, string> {
  const read = (source: string): string => readFileSync(join(templatesFolder, source), 'utf8');
  const { files } = planSketch({ template, framework, board, project: 'project', values: valuesOf(template) }, read);
  return new Map(files.map(({ path, text }) => [path, text]));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What a C compiler reads from the literal: a plain string with octal escapes, or a raw one. */
function readLiteral(literal: string): string {
  const raw = /^R"(\w*)\(([\s\S]*)\)\1"$/.exec(literal);
  if (raw) return raw[2] ?? '';
  const bytes: number[] = [];
  for (const [part] of literal.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (/^\\[0-7]{3}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8));
    else bytes.push(...Buffer.from(part.startsWith('\\') ? (ESCAPES[part[1] ?? ''] ?? part.slice(1)) : part));
  }
  return Buffer.from(bytes).toString('utf8');
}

const LITERAL = /(?:#define (\w+) |const char (\w+)\[\](?: PROGMEM)? = )(R"(\w*)\([\s\S]*?\)\4"|"(?:[^"\\\n]|\\.)*")/g;
/** The macro or array of a header, and the kind of slot that it holds. */
const HOLDS: Readonly<Record<string, string>> = {
  MQTT_HOST: 'host',
  DEVICE_ID: 'deviceId',
  TOPIC_TELEMETRY: 'publishTopic',
  TOPIC_STATUS: 'publishTopic',
  TOPIC_PREFIX: 'publishTopic',
  TOPIC_COMMAND: 'topicFilter',
  WIFI_SSID: 'ssid',
  WIFI_PASSWORD: 'wifiPassword',
  PORTAL_PASSWORD: 'wifiPassword',
  MQTT_USER: 'text',
  MQTT_PASSWORD: 'text',
  ROOT_CA: 'certificate',
  DEVICE_CERT: 'certificate',
  DEVICE_KEY: 'privateKey',
  UPDATE_KEY: 'publicKey',
  PSK_HEX: 'hexKey',
};

function checkHeaders(files: ReadonlyMap<string, string>): number {
  let count = 0;
  for (const [path, text] of files) {
    if (!path.endsWith('.h') || path.includes('example')) continue;
    for (const [, macro, array, literal = ''] of text.matchAll(LITERAL)) {
      const kind = HOLDS[macro ?? array ?? ''];
      if (!kind) continue;
      assert.equal(readLiteral(literal), HOSTILE[kind], `${path}: ${macro ?? array}`);
      count++;
    }
  }
  return count;
}

function checkAccess(template: Template, files: ReadonlyMap<string, string>): void {
  const acl = files.get('mosquitto/acl')?.split('\n');
  if (acl && template.id === 'rotation-ota')
    assert.ok(acl.includes(`pattern write ${HOSTILE['publishTopic']}/%u/telemetry`));
  else if (acl) {
    assert.ok(
      acl.includes(
        `user ${template.slots.some(({ name }) => name === 'username') ? HOSTILE['text'] : HOSTILE['deviceId']}`,
      ),
    );
    assert.ok(acl.includes(`topic write ${HOSTILE['publishTopic']}`));
    assert.ok(acl.includes(`topic read ${HOSTILE['topicFilter']}`));
  }
  const policy = files.get('aws/policy.json');
  if (policy) {
    const resources = JSON.parse(policy).Statement.flatMap(({ Resource }: { Resource: unknown }) => Resource);
    assert.ok(resources.includes(`arn:aws:iot:*:*:topic/${HOSTILE['publishTopic']}`));
    assert.ok(resources.includes(`arn:aws:iot:*:*:topicfilter/${HOSTILE['topicFilter']}`));
  }
}

test('the hostile values are legal, and one has 10 kB', () => {
  for (const [kind, value] of Object.entries(HOSTILE))
    assert.equal(refuseSlotValue(kind as 'text', value), undefined, kind);
  assert.ok(Buffer.byteLength(HOSTILE['text'] ?? '') > 10_000);
});

for (const template of templates) {
  for (const framework of Object.keys(template.frameworks) as Framework[]) {
    const boards = boardsOf(template, framework);

    test(`${template.id} (${framework}): every board's files hold hostile values exactly`, () => {
      for (const { id } of boards) {
        const files = make(template, framework, id);
        assert.ok(checkHeaders(files) >= 4, 'values are found');
        checkAccess(template, files);
        const record = JSON.parse(files.get('secure-iot.json') ?? '');
        const given = valuesOf(template);
        for (const [name, value] of Object.entries(record.values))
          if (given[name]) assert.equal(value, given[name], name);
        assert.doesNotMatch(files.get('README.md') ?? '', /\{\{#|\{\{>/);
      }
    });

    test(`${template.id} (${framework}): the code is the same for every board of a chip, so what compiles for one does for all`, () => {
      const code = (board: string) =>
        [...make(template, framework, board)].filter(([path]) => /\.(ino|cpp|c|h)$/.test(path));
      for (const chip of ['esp32', 'esp8266']) {
        const [first, ...others] = boards.filter((board) => board.chip === chip).map(({ id }) => id);
        for (const other of others) assert.deepEqual(code(other), code(first ?? ''), `${first} and ${other}`);
      }
    });
  }
}
