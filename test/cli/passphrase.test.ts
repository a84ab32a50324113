// A person at a terminal is asked for the passphrase, which is not shown.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SECURE_IOT } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { until } from '../support/until';

/** Runs the command line with a terminal of its own and answers each question as it comes. Resolves to all it showed. */
async function atTerminal(t: TestContext, socat: string, cwd: string, line: string, answers: readonly string[]) {
  const command = [process.execPath, ...SECURE_IOT].map((word) => `'${word}'`).join(' ');
  const env = { ...process.env, COMMAND: `${command} ${line}; echo "code $?"` };
  delete (env as NodeJS.ProcessEnv)['SECURE_IOT_CA_PASSPHRASE'];
  const child = spawn(socat, ['-', 'SYSTEM:eval "$COMMAND",pty,setsid,ctty,stderr'], { cwd, env });
  t.after(() => child.kill());
  let shown = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
  const questions = () => shown.match(/(?:Passphrase of the certificate authority|Once more): /g)?.length ?? 0;
  for (const [n, answer] of answers.entries()) {
    await until(
      () => questions() > n,
      () => `question ${n + 1} did not come:\n${shown}`,
    );
    child.stdin.write(`${answer}\r`);
  }
  await until(
    () => /code \d+/.test(shown),
    () => shown,
  );
  return shown;
}

test('a new passphrase is asked for twice, later once, and never shown', async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const cwd = temporaryFolder('passphrase');
  const secret = 'correct horse battery';
  const made = await atTerminal(t, socat, cwd, 'certs ca --cn Workshop', [secret, secret]);
  assert.match(made, /Once more: [\s\S]*code 0/);
  const issued = await atTerminal(t, socat, cwd, 'certs device --cn lamp', [secret]);
  assert.match(issued, /lamp\.key[\s\S]*code 0/);
  assert.doesNotMatch(made + issued, /correct|horse|battery/);
});

test('two that differ, a wrong one and Ctrl+C make nothing', async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const cwd = temporaryFolder('passphrase');
  const differ = await atTerminal(t, socat, cwd, 'certs ca --cn Workshop', ['correct horse', 'correct hoarse']);
  assert.match(differ, /The two passphrases differ\. Nothing was written[\s\S]*code 1/);
  assert.ok(!existsSync(join(cwd, 'certs/ca/ca.key')));
  await atTerminal(t, socat, cwd, 'certs ca --cn Workshop', ['correct horse', 'correct horse']);
  const wrong = await atTerminal(t, socat, cwd, 'certs device --cn lamp', ['correct hoarse']);
  assert.match(wrong, /passphrase[\s\S]*code 1/i);
  const stopped = await atTerminal(t, socat, cwd, 'certs device --cn lamp', ['\u0003']);
  assert.doesNotMatch(stopped, /code 0|internal error/);
  assert.ok(!existsSync(join(cwd, 'certs/devices/lamp.key')));
});
