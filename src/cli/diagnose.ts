// `secure-iot diagnose`: why a board cannot connect, from the command line.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { applyEdits } from '../core/diagnose/applyEdits';
import { jsonReport, type ReportHead, textReport } from '../core/diagnose/report';
import { isTlsStackId, tlsStacks } from '../core/diagnose/tlsStack';
import { UserError } from '../core/errors';
import { visibleLines } from '../core/mqtt/visibleText';
import { type DiagnosisRequest, type DiagnosisResult, diagnoseConnection } from '../io/diagnose/connectionDiagnosis';
import { rewriteFile } from '../io/files/rewriteFile';
import { CliUsageError, parseOptions, portNumber } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    host: { type: 'string' },
    port: { type: 'string' },
    servername: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    certs: { type: 'string', default: 'certs' },
    stack: { type: 'string' },
    fix: { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [folder, ...rest] = positionals;
  if (rest.length > 0) throw new CliUsageError(`unexpected "${rest.join(' ')}"`);
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new CliUsageError('--cert and --key go together');
  const { stack } = values;
  if (stack !== undefined && !isTlsStackId(stack)) {
    throw new CliUsageError(`--stack is one of ${Object.keys(tlsStacks).join(', ')}`);
  }
  // With a host and no folder named, the sources of the current folder are not meant.
  const project = folder ?? (values.host === undefined ? '.' : undefined);
  const request = defined({
    ...(project === undefined ? {} : { folder: resolve(project) }),
    base: process.cwd(),
    certificates: [values.certs],
    host: values.host,
    port: values.port === undefined ? undefined : portNumber(values.port),
    servername: values.servername,
    stack,
    ca: await textOf(values.ca),
    certificate: await textOf(values.cert),
    key: await textOf(values.key),
  });
  let result = await diagnoseConnection(request, Date.now());
  print(result, project, values.json === true);
  if (values.fix) {
    await fix(result, request.folder, values.yes === true);
    result = await diagnoseConnection(request, Date.now());
    process.stderr.write(`After the fix: ${result.diagnosis.verdict.title}\n`);
  }
  const { cause } = result.diagnosis.verdict;
  return cause === 'nothing-wrong-from-here' ? 0 : cause === 'not-known' ? 2 : 1;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves out what is undefined, as exactOptionalPropertyTypes wants it. */
function defined<T extends object>(value: T): Defined<T> & DiagnosisRequest {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as Defined<T> & DiagnosisRequest;
}

async function textOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('file-unreadable', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function print({ diagnosis, broker, facts }: DiagnosisResult, project: string | undefined, json: boolean): void {
  const head: ReportHead = {
    address: `${broker.host}:${broker.port}`,
    hostName: facts.hostName,
    ...(project === undefined ? {} : { project }),
    stack: facts.stacks.map((id) => tlsStacks[id].label).join(' or '),
  };
  process.stdout.write(
    json ? `${JSON.stringify(jsonReport(diagnosis, head), null, 2)}\n` : visibleLines(textReport(diagnosis)),
  );
}

async function fix({ diagnosis, files }: DiagnosisResult, folder: string | undefined, yes: boolean): Promise<void> {
  const proposed = diagnosis.verdict.fixes.find(({ kind }) => kind === 'edit');
  if (proposed?.kind !== 'edit' || folder === undefined) {
    throw new UserError(
      'no-fix',
      'There is no change of the sources that would mend this. The report says what would.',
    );
  }
  if (proposed.confirm && !yes) {
    throw new UserError('not-confirmed', `${proposed.confirm} Run it again with --yes when that is so.`);
  }
  for (const { path, text } of applyEdits(files, proposed.edits)) {
    await rewriteFile(join(folder, path), text);
    process.stderr.write(`changed ${path}\n`);
  }
}
