// The walls of the house, read from the source itself: who may import whom, and what `core` may not touch.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(__dirname, '../..');
const room = (file: string) =>
  file.startsWith('webview/') ? 'webview' : (/^src\/([a-z]+)\//.exec(file)?.[1] ?? 'top');
const sources = ['src', 'webview']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((f) => `${folder}/${f}`),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const libraries = ['serialport', 'mqtt', 'esptool-js', 'aedes', 'ws', '@peculiar/x509', 'reflect-metadata'];
const allowed: Record<string, readonly string[]> = {
  core: ['core'],
  io: ['io', 'core'],
  protocol: ['protocol', 'core'],
  contributions: ['contributions'],
  host: ['host', 'contributions', 'io', 'core', 'protocol'],
  cli: ['cli', 'io', 'core'],
  webview: ['webview', 'protocol', 'core'],
  top: ['top', 'contributions', 'host', 'cli', 'io', 'core', 'protocol'],
};

function imports(text: string): string[] {
  return [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
}

describe('the walls', () => {
  it('arrows between rooms point one way', () => {
    const wrong = sources.flatMap(({ file, text }) =>
      imports(text)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((target) => !allowed[room(file)]?.includes(room(`${target}.ts`)))
        .map((target) => `${file} -> ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('each library is imported in io only, vscode in host and extension.ts only', () => {
    const wrong = sources.flatMap(({ file, text }) =>
      imports(text)
        .filter(
          (name) =>
            (libraries.includes(name) && room(file) !== 'io') ||
            (name === 'vscode' && room(file) !== 'host' && file !== 'src/extension.ts') ||
            (name.startsWith('node:') && ['core', 'protocol', 'webview'].includes(room(file))),
        )
        .map((name) => `${file} imports ${name}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('one file knows the deprecated webview toolkit, so that a successor changes one file', () => {
    const name = '@vscode/webview-ui-toolkit';
    const knowing = sources.filter(({ text }) => imports(text).some((from) => from.startsWith(name)));
    assert.deepEqual(
      knowing.map(({ file }) => file),
      ['webview/toolkit.ts'],
    );
    const registering = sources.filter(({ text }) => /provideVSCodeDesignSystem|customElements\.define/.test(text));
    assert.deepEqual(
      registering.map(({ file }) => file),
      ['webview/toolkit.ts'],
    );
  });

  it('core reads no clock, no randomness and no environment', () => {
    const banned =
      /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|process\.|Buffer\.|performance\.now)\b/;
    const wrong = sources
      .filter(({ file }) => room(file) === 'core')
      .flatMap(({ file, text }) =>
        text
          .split('\n')
          .map((line, i) => ({
            line: line.replace(/\/\/.*|\/?\*.*/, '').replace(/(['"`]).*?\1/g, ''),
            at: `${file}:${i + 1}`,
          }))
          .filter(({ line }) => banned.test(line))
          .map(({ at }) => at),
      );
    assert.deepEqual(wrong, []);
  });

  it('no module keeps state in a top-level let', () => {
    const wrong = sources.filter(({ text }) => /^(export )?let /m.test(text)).map(({ file }) => file);
    assert.deepEqual(wrong, []);
  });

  it('every file begins with a line that says what it knows', () => {
    const wrong = sources
      .filter(({ file, text }) => !file.endsWith('.d.ts') && !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(text))
      .map(({ file }) => file);
    assert.deepEqual(wrong, []);
  });
});
