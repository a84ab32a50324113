// `secure-iot provision --queue`: a list of devices onto the boards that are plugged in one after the other.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { counted } from '../core/counted';
import { progressText } from '../core/firmware/flashProgress';
import { fileError } from '../io/files/fileErrors';
import { listDevices } from '../io/pki/identityFiles';
import { type QueueEvent, runProvisionQueue } from '../io/provisioning/provisionQueue';
import { watchArrivals } from '../io/serial/boardArrivals';
import { CliUsageError, parseOptions } from './arguments';
import { interruptSignal, parseBaud } from './boardOptions';
import { jsonOf, parseTarget, provisionOptions, textOf } from './provisionOptions';
import { statusLine } from './statusLine';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...provisionOptions,
    queue: { type: 'boolean' },
    devices: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
  const folder = resolve(values.certs);
  const devices =
    values.devices === undefined ? (await listDevices(folder)).reverse() : await readNames(values.devices);
  if (devices.length === 0) throw new CliUsageError(`there is no device in ${values.devices ?? folder}.`);
  const target = parseTarget(values.into);
  const addresses = values.port?.split(',') ?? [];
  const { namespace, partition } = values;
  const { done, left, interrupted } = await runProvisionQueue(
    watchArrivals({ addresses, usb: addresses.length === 0 }),
    { folder, devices, namespace, partition, target },
    {
      baudRate: parseBaud(values.baud),
      signal: interruptSignal(),
      onProgress: (progress) => statusLine(progressText(progress)),
      onEvent: (event) => tell(event, values.json ?? false),
    },
  );
  statusLine('');
  for (const [mac, device] of interrupted)
    process.stderr.write(
      `"${device}" is kept for the board ${mac}, whose write was interrupted: plug that one in again. If it is lost, give the device away with --device "${device}".\n`,
    );
  process.stderr.write(`${counted(done.length, 'board')} provisioned, ${counted(left.length, 'device')} left.\n`);
  return left.length === 0 ? 0 : 1;
}

function tell(event: QueueEvent, json: boolean): void {
  statusLine('');
  const { address } = { address: '', ...event };
  if (event.kind === 'waiting') statusLine(`Plug in the board for "${event.next}" (${event.left} left)`);
  else if (event.kind === 'known')
    process.stderr.write(`${address}: is "${event.device}" already (${event.mac}), left as it is.\n`);
  else if (event.kind === 'failed')
    process.stderr.write(`${address}: ${event.device ? `"${event.device}" not done. ` : ''}${event.error.message}\n`);
  else if (event.kind === 'done') {
    const { device, result } = event;
    process.stdout.write(
      json ? `${JSON.stringify({ address, ...jsonOf(device, result) })}\n` : `${textOf(device, result)}\n`,
    );
  }
}

/** One name a line; with a CSV its first column. Lines that start with # are comments. */
async function readNames(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  const names = text.split(/\r?\n/).map((line) => (line.split(',')[0] ?? '').trim());
  return names.filter(
    (name, n) => name !== '' && !name.startsWith('#') && !(n === 0 && /^(cn|name|device)$/i.test(name)),
  );
}
