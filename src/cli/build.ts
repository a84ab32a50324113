// `secure-iot build`: builds a firmware project with its own tool.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { planBuild } from '../io/sketch/buildPlan';
import { toolCommand } from '../io/sketch/toolCommand';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = parseOptions(args, {});
  if (positionals.length > 1) throw new CliUsageError(`unexpected "${positionals.slice(1).join(' ')}"`);
  const plan = await planBuild(resolve(positionals[0] ?? '.'));
  process.stderr.write(`${plan.title}: ${[plan.program, ...plan.args].join(' ')}\n`);
  const { command, args: words, shell } = toolCommand(plan.program, plan.args);
  const child = spawn(command, [...words], { cwd: plan.folder, stdio: 'inherit', shell });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code ?? 1));
  });
}
