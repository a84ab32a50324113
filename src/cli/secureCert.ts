// `secure-iot secure-cert build|dump`: images of the esp_secure_cert partition, as Espressif's tool makes and reads them.
import { resolve } from 'node:path';
import { parseOffset } from '../core/firmware/flashFile';
import { secureCertTypeName } from '../core/firmware/secureCertFormat';
import { readDeviceIdentity } from '../io/pki/identityFiles';
import { checkSecureCert, describeSecureCertEntry } from '../io/provisioning/secureCertEncoding';
import {
  buildSecureCertFile,
  extractSecureCert,
  readSecureCertFile,
  writeIdentityImage,
} from '../io/provisioning/secureCertFiles';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const [action, ...rest] = args;
  if (action === 'build') return build(rest);
  if (action === 'dump') return dump(rest);
  throw new CliUsageError('secure-cert takes build or dump.');
}

async function build(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    device: { type: 'string' },
    certs: { type: 'string', default: 'certs' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [csv, output, sizeText, ...more] = values.device === undefined ? positionals : [undefined, ...positionals];
  if (output === undefined || more.length > 0)
    throw new CliUsageError('secure-cert build takes IN.csv OUT.bin [SIZE], or --device NAME OUT.bin [SIZE].');
  const options = { size: sizeText === undefined ? undefined : parseOffset(sizeText), force: values.force };
  const image =
    csv === undefined
      ? await writeIdentityImage(
          await readDeviceIdentity(resolve(values.certs), values.device ?? '', Date.now()),
          output,
          options,
        )
      : await buildSecureCertFile(csv, output, options);
  if (values.json) process.stdout.write(`${JSON.stringify({ file: output, bytes: image.length })}\n`);
  process.stderr.write(
    `Wrote ${output}: ${image.length} bytes for the esp_secure_cert partition. It holds the key: keep it secret.\n`,
  );
  return 0;
}

async function dump(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, extract: { type: 'string' } });
  const [input, ...more] = positionals;
  if (input === undefined || more.length > 0) throw new CliUsageError('secure-cert dump takes one file.');
  const content = await readSecureCertFile(input);
  const problems = [...content.problems, ...checkSecureCert(content.entries, Date.now())];
  const rows = content.entries.map((entry) => ({
    offset: entry.offset,
    type: secureCertTypeName(entry.type),
    subtype: entry.subtype,
    flags: entry.flags,
    bytes: entry.data.length,
    content: describeSecureCertEntry(entry),
  }));
  if (values.json) process.stdout.write(`${JSON.stringify({ entries: rows, used: content.used, problems })}\n`);
  else
    for (const { offset, type, subtype, bytes, content: what } of rows)
      process.stdout.write(
        `0x${offset.toString(16).padStart(4, '0')}  ${type}  subtype ${subtype}  ${bytes} bytes${what && `  ${what}`}\n`,
      );
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (values.extract !== undefined)
    process.stderr.write(`Wrote ${await extractSecureCert(content, values.extract)} and the files it names.\n`);
  return problems.length > 0 ? 1 : 0;
}
