// Holds for every template there is: hostile values survive exactly, and no mistake that tutorials teach is in it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type BoardKind, findBoardKind } from '../../../src/core/firmware/boardList';
import { type FrameworkFiles, parseTemplate, type Template } from '../../../src/core/firmware/template';
import { parseTemplateSets } from '../../../src/core/firmware/templateSets';
import { chooseSections, expandIncludes, renderTemplateText } from '../../../src/core/firmware/templateText';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

const root = join(import.meta.dirname ?? __dirname, '../../..');
const folder = join(root, 'firmware-templates');
const shims = join(root, 'test/firmwareHost');
const readFolder = (source: string): string => readFileSync(join(folder, source), 'utf8');
const read = (source: string): string => expandIncludes(readFolder(source), readFolder);
const sets = parseTemplateSets(JSON.parse(read('shared/sets.json')));
const templates: Template[] = readdirSync(folder)
  .filter((id) => id !== 'shared')
  .map((id) => parseTemplate(id, JSON.parse(read(`${id}/template.json`)), sets));
interface Project {
  readonly name: string;
  readonly template: Template;
  readonly framework: string;
  readonly board: BoardKind;
  readonly entry: FrameworkFiles;
}

/** One for each template, framework and chip. */
const projects: Project[] = templates.flatMap((template) => {
  const boards = template.boards.map((id) => findBoardKind(id) ?? assert.fail(`${template.id}: unknown board ${id}`));
  return (['esp32', 'esp8266'] as const).flatMap((chip) => {
    const board = boards.find((kind) => kind.chip === chip);
    if (!board) return [];
    const frameworks = Object.entries(template.frameworks).filter(([name]) => name !== 'esp-idf' || board.idfTarget);
    return frameworks.map(([framework, { open, files }]) => ({
      name: `${template.id} (${framework}, ${chip})`,
      template,
      framework,
      board,
      entry: { open, files: files.filter((file) => (file.chip ?? chip) === chip) },
    }));
  });
});

/** Each core with the C++ that its platform.txt asks for. */
const CORES: Readonly<Record<'esp32' | 'esp8266', readonly (readonly string[])[]>> = {
  esp32: [
    ['-std=gnu++11', '-DESP32', '-DHOST_CORE_MAJOR=2'],
    ['-std=gnu++2b', '-DESP32', '-DHOST_CORE_MAJOR=3'],
  ],
  esp8266: [['-std=gnu++17', '-DESP8266']],
};
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];

const FILLER = 'Ab1 "\\ )PEM" )PEM1" */ /* // ??/ ??= \' % $ # {{host|c}} ';
const HOSTILE = {
  'plain characters that end literals and comments': `${FILLER.repeat(180)}\\`,
  'line ends, controls and letters of other scripts':
    `${FILLER}\r\n\t\x01\x7f7 Zürich 東京 😀 \u2028\u202e ${FILLER}\n\\`.repeat(80),
};

/** Every slot filled with `value`, but those that must be numbers or names of boards. */
function fill({ template, board }: Project, value: string): Map<string, string> {
  const values = new Map(template.slots.map((slot) => [slot.name, value]));
  for (const slot of template.slots)
    if (['port', 'seconds', 'version'].includes(slot.kind)) values.set(slot.name, '60');
  for (const slot of template.slots) if (slot.kind === 'pin') values.set(slot.name, '4');
  for (const slot of template.slots) if (slot.kind === 'dhtSensor') values.set(slot.name, 'DHT20');
  for (const slot of template.slots) if (slot.kind === 'hexKey') values.set(slot.name, 'a0'.repeat(32));
  values.set('project', value).set('title', value).set('template', template.id).set('boardTitle', value);
  values
    .set('program', 'main.cpp')
    .set('src', '')
    .set('board', board.id)
    .set('fqbn', board.fqbn)
    .set('platformioBoard', board.platformio);
  return values.set('idfTarget', board.idfTarget ?? 'esp8266');
}

/** Where a file goes, in a project called "project". */
function place(target: string, framework: string): string {
  const folder = { arduino: '', platformio: 'src/', 'esp-idf': 'main/' }[framework] ?? '';
  const program = { arduino: 'project.ino', platformio: 'src/main.cpp', 'esp-idf': 'main/main.c' }[framework] ?? '';
  return target.replace('{{src}}', folder).replace('{{program}}', program);
}

function render(source: string, { framework, board, template }: Project, values: ReadonlyMap<string, string>): string {
  const flags = new Set([framework, 'nativeUsb', board.chip, template.id]);
  return renderTemplateText(chooseSections(read(source), flags), values);
}

test('no slot was pulled apart by a formatter: YAML formatters read {{slot}} as a flow mapping', () => {
  for (const { template, entry } of projects) {
    for (const { source } of entry.files) assert.doesNotMatch(read(source), /\{ \{/, `${template.id}: ${source}`);
  }
});

for (const project of projects) {
  const { name, template, framework, board, entry } = project;
  for (const [what, value] of Object.entries(HOSTILE)) {
    test(`${name}: ${what} survive exactly`, (t) => {
      assert.ok(value.length > 10_000);
      if (!requireTool(t, 'g++')) return;
      const home = temporaryFolder('hostile');
      const values = fill(project, value);
      const symbols = new Map<string, string>();
      const headers: string[] = [];
      for (const file of entry.files) {
        const text = read(file.source);
        const path = join(home, place(file.target, framework));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, render(file.source, project, values));
        if (!file.target.endsWith('.h') || file.target.includes('example')) continue;
        const marks = [...text.matchAll(/(?:#define (\w+) |(\w+)\[\] (?:PROGMEM )?= )\{\{(\w+)\|(?:c|raw)\}\}/g)];
        for (const [, macro, array, slot] of marks) symbols.set(macro ?? array ?? '', slot ?? '');
        if (marks.length > 0) headers.push(path);
      }
      assert.ok(symbols.size >= 5, 'the values are found in the headers');
      const prints = [...symbols.keys()].map((symbol) => `fwrite(${symbol}, 1, sizeof(${symbol}), stdout);`);
      const includes = headers.map((header) => `#include "${header}"`);
      const language = framework === 'esp-idf' ? 'c' : 'c++';
      writeFileSync(
        join(home, 'printer.x'),
        `#include <stdio.h>\n${includes.join('\n')}\nint main() { ${prints.join('\n')} }`,
      );
      const standard = language === 'c' ? '-std=gnu17' : '-std=gnu++17';
      const flags = [standard, '-DHOST_CORE_MAJOR=3', `-I${join(shims, 'arduino')}`, '-x', language];
      execFileSync(language === 'c' ? 'gcc' : 'g++', [...flags, join(home, 'printer.x'), '-o', join(home, 'printer')]);
      const printed = execFileSync(join(home, 'printer'), { maxBuffer: 1e7 }).toString('utf8').split('\0').slice(0, -1);
      assert.deepEqual(
        printed,
        [...symbols.values()].map((slot) => values.get(slot)),
        [...symbols.keys()].join(' '),
      );
    });
  }

  test(`${name}: the program still parses with hostile values in its comments`, (t) => {
    if (!requireTool(t, 'g++')) return;
    const home = temporaryFolder('hostile');
    const values = fill(project, HOSTILE['line ends, controls and letters of other scripts']);
    for (const file of entry.files) {
      const path = join(home, place(file.target, framework));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, render(file.source, project, values));
    }
    if (framework === 'esp-idf') {
      const sources = entry.files
        .filter((file) => file.target.endsWith('.c'))
        .map((file) => join(home, place(file.target, framework)));
      // Newest last: C23 is what ESP-IDF 6 builds with.
      for (const [standard, version] of [
        ['gnu17', 500],
        ['gnu17', 505],
        ['gnu2x', 600],
      ] as const) {
        const flags = [`-std=${standard}`, `-DHOST_IDF_VERSION=${version}`, '-fsyntax-only', ...WARNINGS];
        execFileSync('gcc', [...flags, `-I${join(shims, 'idf')}`, ...sources]);
      }
      return;
    }
    const { chip } = board;
    const includes = ['arduino', chip].map((shim) => `-I${join(shims, shim)}`);
    const main = join(home, place(entry.open, framework));
    for (const core of CORES[chip]) {
      const args = [...core, '-fsyntax-only', ...WARNINGS, ...includes, '-x', 'c++', main];
      const { status, stderr } = spawnSync('g++', args, { encoding: 'utf8' });
      const tooOld = template.id === 'certificate-bundle' && core.includes('-DHOST_CORE_MAJOR=2');
      if (tooOld) assert.match(stderr, /#error "useBuiltinCACertBundle\(\) came with arduino-esp32 3\.x/);
      else assert.equal(status, 0, `${core.join(' ')}\n${stderr}`);
    }
  });

  test(`${name}: secrets are in secret files only, and git ignores those`, () => {
    const secretSlots = template.slots.filter((slot) => slot.secret).map((slot) => slot.name);
    const ignored = read(entry.files.find((file) => file.target === '.gitignore')?.source ?? 'missing').split('\n');
    for (const file of entry.files) {
      const used = secretSlots.filter((slot) => read(file.source).includes(`{{${slot}|`));
      if (!file.secret) assert.deepEqual(used, [], file.source);
      else
        assert.ok(
          ignored.some((line) =>
            `/${place(file.target, framework)}`.endsWith(line.startsWith('*') ? line.slice(1) : `/${line}`),
          ),
          file.target,
        );
    }
  });

  test(`${name}: teaches none of the mistakes that tutorials teach`, () => {
    const texts = entry.files.map((file) => ({ ...file, text: read(file.source) }));
    const code = texts.filter((file) => /\.(ino|h|c|cpp)$/.test(place(file.target, framework)));
    const all = texts.map((file) => file.text).join('\n');
    const program = code.map((file) => file.text).join('\n');
    const never: [RegExp, string][] = [
      [/setInsecure\s*\(/, 'verification switched off'],
      [/VERIFY_(NONE|OPTIONAL)|skip_cert_common_name_check\s*=\s*true|CONFIG_ESP_TLS_INSECURE=y/, 'verification off'],
      [/\bset(CACert|Certificate|PrivateKey|Server)\s*\([^)]*c_str\(\)/, 'a pointer that dangles'],
      [/-0x7200/, '-0x7200 is no close-notify'],
      [/^tls_version .* /m, 'tls_version takes one value'],
      [/^listener 1883/m, 'a plain listener'],
      [/^allow_anonymous true/m, 'anybody may connect'],
      [/openssl x509 -req(?![^\n]*-extfile)/, 'certificates without SAN and EKU'],
      [/#define \w*(PASSWORD|KEY)\w* "[^"{y]/, 'a secret in the source'],
      [/delay\((5|10)000\)/, 'a reconnect loop without back-off'],
    ];
    for (const [pattern, what] of never) assert.doesNotMatch(all, pattern, what);
    const esp8266 = board.chip === 'esp8266';
    assert.doesNotMatch(program, esp8266 ? /setCACert\s*\(/ : /setTrustAnchors\s*\(/, "the other chip's interface");
    if (/PubSubClient/.test(program)) {
      assert.match(program, /setBufferSize\(/, 'the 256-byte limit is lifted');
      assert.match(program, /Backoff/, 'reconnecting backs off');
      assert.match(
        program,
        /connect\((DEVICE_ID|deviceName),[^;]*(TOPIC_STATUS|topicOf\("status"\)\.c_str\(\)), 1, true, "offline"/s,
        'a retained Last Will',
      );
      assert.match(program, /setKeepAlive\(/);
    }
    if (/^require_certificate true/m.test(all))
      assert.match(program, /(set|load)(Certificate|ClientECCert|ClientRSACert)|\.certificate\b|client_cert/);
    assert.match(all, /connect failed/, 'failures are reported in one line');
    assert.match(all, /To production/, 'the README says what is left to do');
  });
}
