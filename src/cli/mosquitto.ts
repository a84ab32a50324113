// `secure-iot mosquitto`: a hardened mosquitto.conf from the certificates folder, and a mosquitto log explained.
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../core/errors';
import { mosquittoFiles } from '../core/mqtt/mosquittoFiles';
import { explainMosquittoLog } from '../core/mqtt/mosquittoLog';
import { readBrokerFiles } from '../io/brokerFiles';
import { writeNewFile } from '../io/newFile';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    out: { type: 'string' },
    dir: { type: 'string', default: 'certs' },
    name: { type: 'string' },
    port: { type: 'string', default: '8883' },
    login: { type: 'string', default: 'certificate' },
    admin: { type: 'string', multiple: true, default: [] },
    crl: { type: 'string' },
    compose: { type: 'boolean', default: false },
    'explain-log': { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected argument "${positionals[0]}"`);
  if (values['explain-log'] !== undefined) return explainLog(values['explain-log'], values.json);
  const { out, login, compose } = values;
  if (out === undefined) throw new CliUsageError('say where the files go with --out DIR, or use --explain-log FILE');
  if (login !== 'certificate' && login !== 'password') throw new CliUsageError('--login takes certificate or password');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new CliUsageError('--port takes 1 to 65535');
  const { name } = await readBrokerFiles(values.dir, values.name); // there is no use in a configuration without them
  if (values.crl !== undefined) await mustExist(join(values.dir, values.crl));
  const slashes = (path: string): string => path.replaceAll('\\', '/');
  const files = mosquittoFiles({
    port,
    login,
    compose,
    broker: name,
    certificates: compose ? '/mosquitto/certs' : slashes(resolve(values.dir)),
    configuration: compose ? '/mosquitto/config' : slashes(resolve(out)),
    administrators: values.admin,
    ...(values.crl === undefined ? {} : { revocationList: slashes(values.crl) }),
  });
  for (const { name: file, text } of files) {
    await writeNewFile(join(out, file), text);
    process.stdout.write(`${join(out, file)}\n`);
  }
  process.stderr.write(nextSteps(out, login, compose));
  return 0;
}

function nextSteps(out: string, login: string, compose: boolean): string {
  const steps = [
    ...(login === 'password' ? [`Make the passwords: mosquitto_passwd -c ${join(out, 'passwords')} NAME`] : []),
    'The user that mosquitto runs as (1883 in the container) must be able to read the broker’s key and nobody else.',
    compose
      ? `Run: docker compose -f ${join(out, 'compose.yaml')} up -d`
      : `Run: mosquitto -c ${join(out, 'mosquitto.conf')}`,
    'Then test it: secure-iot probe mqtts://HOST:PORT --ca CERTS/ca/ca.crt',
  ];
  return `${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}\n`;
}

async function explainLog(file: string, json: boolean): Promise<number> {
  const found = explainMosquittoLog(await readText(file));
  if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  else
    for (const { line, text, reason, advice } of found)
      process.stdout.write(`${line}: ${shown(text)}\n   ${reason}\n   ${advice}\n`);
  if (found.length === 0) process.stderr.write('No line about TLS or access that is known.\n');
  return 0;
}

/** A client picks its own id, which is in the log: it may not steer the terminal. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

async function readText(file: string): Promise<string> {
  if (file !== '-') {
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UserError('file-unreadable', `${file} cannot be read (${error.code}). Check the path.`);
    });
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}

async function mustExist(file: string): Promise<void> {
  await access(file).catch(() => {
    throw new UserError('file-missing', `The revocation list ${file} is not there. Make it first, or leave --crl out.`);
  });
}
