import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { subcommands } from '../../src/cli/subcommands';

const cli = join(__dirname, '../../dist/cli.js');
const run = (...args: readonly string[]) => execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8' });

describe('help on the command line', () => {
  it('lists every subcommand in one style', () => {
    const text = run('--help');
    for (const [name, { summary }] of Object.entries(subcommands)) {
      assert.match(text, new RegExp(`^  ${name} +\\S`, 'm'));
      assert.match(summary, /^[a-z].*[^.]$/, `${name}: ${summary}`);
    }
  });

  it('begins every usage with the call itself, and prints it also behind an action', () => {
    for (const [name, { usage }] of Object.entries(subcommands))
      assert.match(usage, new RegExp(`^Usage: secure-iot ${name}\\b`));
    assert.match(run('littlefs', 'build', '--help'), /^Usage: secure-iot littlefs build/);
    assert.match(run('certs', 'ca', '--help'), /^Usage: secure-iot certs/);
  });

  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    assert.equal(run('--version'), `${version}\n`);
  });

  it('names what is no subcommand, with exit code 2', () => {
    for (const name of ['fly', 'constructor', '__proto__']) {
      const { status, stderr } = spawnSync(process.execPath, [cli, name], { encoding: 'utf8' });
      assert.equal(status, 2, name);
      assert.match(stderr, new RegExp(`there is no subcommand "${name}"`));
    }
  });
});
