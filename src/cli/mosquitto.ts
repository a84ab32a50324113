// `secure-iot mosquitto`: a hardened mosquitto.conf from the certificates folder, and a mosquitto log explained.

import { once } from 'node:events';
import { join } from 'node:path';
import { explainMosquittoLine } from '../core/mqtt/mosquittoLog';
import { visibleLine } from '../core/mqtt/visibleText';
import { brokerLogLines } from '../io/broker/brokerLog';
import { writeMosquittoFolder } from '../io/broker/mosquittoFolder';
import { CliUsageError, parseOptions, portNumber } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    out: { type: 'string' },
    dir: { type: 'string', default: 'certs' },
    name: { type: 'string' },
    port: { type: 'string', default: '8883' },
    'plain-port': { type: 'string' },
    login: { type: 'string', default: 'certificate' },
    admin: { type: 'string', multiple: true, default: [] },
    crl: { type: 'string' },
    'no-crl': { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
    server: { type: 'boolean', default: false },
    'explain-log': { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected argument "${positionals[0]}"`);
  if (values['explain-log'] !== undefined) return explainLog(values['explain-log'], values.json);
  const { out, login, compose, server, crl } = values;
  if (out === undefined) throw new CliUsageError('say where the files go with --out DIR, or use --explain-log FILE');
  if (login !== 'certificate' && login !== 'password') throw new CliUsageError('--login takes certificate or password');
  if (compose && server) throw new CliUsageError('choose one of --compose and --server');
  const plain = values['plain-port'];
  const files = await writeMosquittoFolder({
    certificates: values.dir,
    out,
    port: portNumber(values.port),
    ...(plain === undefined ? {} : { plainPort: portNumber(plain, '--plain-port') }),
    login,
    target: compose ? 'container' : server ? 'server' : 'here',
    administrators: values.admin,
    ...(values.name === undefined ? {} : { broker: values.name }),
    ...(values['no-crl'] ? { revocationList: false } : crl === undefined ? {} : { revocationList: crl }),
  });
  for (const file of files) process.stdout.write(`${file}\n`);
  process.stderr.write(`How to run it is in ${join(out, 'INSTALL.md')}.\n`);
  return 0;
}

async function explainLog(file: string, json: boolean): Promise<number> {
  let found = 0;
  const write = async (text: string): Promise<void> => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  for await (const { number: line, text } of brokerLogLines(file)) {
    const explained = explainMosquittoLine(text);
    if (!explained) continue;
    found++;
    if (json) await write(`${found === 1 ? '[' : ','}\n${JSON.stringify({ line, text, ...explained })}`);
    else await write(`${line}: ${visibleLine(text)}\n   ${explained.reason}\n   ${explained.advice}\n`);
  }
  if (json) await write(found === 0 ? '[]\n' : '\n]\n');
  if (found === 0) process.stderr.write('No line about TLS or access that is known.\n');
  return 0;
}
