// `secure-iot certs fleet`: many devices at once. Stopping it with Ctrl+C loses nothing; the same call goes on.
import { readFile } from 'node:fs/promises';
import { CancelledError } from '../core/errors';
import { namesFromCsv, namesFromPattern } from '../core/pki/fleetNames';
import { fileError } from '../io/files/fileErrors';
import { type FleetResult, issueFleet } from '../io/pki/fleet';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, folderOptions, noPositionals, signerOptions, storeOf, unlock } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...folderOptions,
    count: { type: 'string' },
    pattern: { type: 'string' },
    csv: { type: 'string' },
    again: { type: 'boolean' },
    days: { type: 'string' },
    'key-type': { type: 'string' },
    stack: { type: 'string' },
    'crl-url': { type: 'string' },
    ...signerOptions,
  } as const);
  noPositionals(positionals);
  const names = await namesOf(values);
  const options = commonOptions(values);
  const store = storeOf(values);
  const issuer = await unlock(store, values);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const started = Date.now();
  const show = progressLine(started);
  try {
    const result = await issueFleet(store, issuer, {
      names,
      ...options,
      again: values.again === true,
      signal: stop.signal,
      onProgress: show,
    });
    show(result, true);
    const { issued, existed, gone, notes } = result;
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify({ issued, existed, gone })}\n`);
    else process.stdout.write(`${issued} issued, ${existed} existed already\n`);
    return 0;
  } catch (error) {
    if (error instanceof CancelledError) process.stderr.write('\nStopped. The same command issues the rest.\n');
    throw error;
  }
}

async function namesOf(values: {
  readonly count?: string | undefined;
  readonly pattern?: string | undefined;
  readonly csv?: string | undefined;
}): Promise<Iterable<string>> {
  const { csv, count, pattern } = values;
  if (csv !== undefined && count === undefined && pattern === undefined) {
    const text = await readFile(csv, 'utf8').catch((error: unknown) => {
      throw fileError(error, 'read', csv);
    });
    return namesFromCsv(text, csv);
  }
  if (csv === undefined && count !== undefined && pattern !== undefined)
    return namesFromPattern(pattern, Number(count));
  throw new CliUsageError('give --count and --pattern, or --csv');
}

/** On a terminal only, four times a second. */
function progressLine(started: number) {
  let last = 0;
  return ({ issued, existed }: FleetResult, final = false) => {
    const now = Date.now();
    if (!process.stderr.isTTY || (!final && now - last < 250)) return;
    last = now;
    const rate = Math.round((issued / Math.max(1, now - started)) * 1000);
    process.stderr.write(`\r${issued} issued, ${existed} existed, ${rate}/s ${final ? '\n' : ''}`);
  };
}
