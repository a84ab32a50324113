// `secure-iot certs ACTION`: finds the action; each is a file of its own.
import { CliUsageError } from './arguments';
import { certsUsage } from './certsUsage';
import type { SubcommandModule } from './subcommands';

const actions: Readonly<Record<string, () => Promise<SubcommandModule>>> = {
  ca: () => import('./certsCa'),
  broker: () => import('./certsBroker'),
  device: () => import('./certsDevice'),
  list: () => import('./certsList'),
  fleet: () => import('./certsFleet'),
  csr: () => import('./certsCsr'),
  sign: async () => ({ run: (await import('./certsCsr')).runSign }),
  export: () => import('./certsExport'),
  renew: () => import('./certsRenew'),
  revoke: () => import('./certsRevoke'),
  crl: async () => ({ run: (await import('./certsRevoke')).runCrl }),
  rehearse: () => import('./certsRehearse'),
  inspect: () => import('./certsInspect'),
  verify: () => import('./certsVerify'),
};

export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (!name) throw new CliUsageError('which action?');
  const load = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!load) throw new CliUsageError(`there is no action "${name}"`);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${certsUsage}\n`);
    return 0;
  }
  return (await load()).run(rest);
}
