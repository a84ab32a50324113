// `secure-iot nvs build|dump|keys`: NVS partition images from and to Espressif's CSV.
import { counted } from '../core/counted';
import { formatNvsCsv, nvsValueText } from '../core/firmware/nvsCsv';
import type { NvsRow } from '../core/firmware/nvsFormat';
import type { NvsContent } from '../core/firmware/nvsReader';
import { countNvsSecrets, isNvsSecret } from '../core/firmware/nvsSecrets';
import { checkOutput, writeOutput } from '../io/files/outputFile';
import { buildNvsFile, readNvsFile, readNvsKeyFile, writeNvsKeys } from '../io/provisioning/nvsFiles';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';

export async function run(args: readonly string[]): Promise<number> {
  const [action, ...rest] = args;
  if (action === 'build') return build(rest);
  if (action === 'dump') return dump(rest);
  if (action === 'keys') return keys(rest);
  throw new CliUsageError('nvs takes build, dump or keys.');
}

async function build(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    keys: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [csv, output, sizeText, ...more] = positionals;
  if (csv === undefined || output === undefined || sizeText === undefined || more.length > 0)
    throw new CliUsageError('nvs build takes IN.csv OUT.bin SIZE.');
  const size = /^(0x[0-9a-f]+|\d+)$/i.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (Number.isNaN(size)) throw new CliUsageError(`"${sizeText}" is not a size such as 0x6000.`);
  const image = await buildNvsFile(csv, output, size, { keyFile: values.keys, force: values.force });
  const encrypted = values.keys !== undefined;
  if (values.json) process.stdout.write(`${JSON.stringify({ file: output, bytes: image.length, encrypted })}\n`);
  else process.stderr.write(`Wrote ${output}: ${image.length} bytes${encrypted ? ', encrypted' : ''}.\n`);
  if (image.length < size)
    process.stderr.write('Below 0x3000 bytes a partition must be marked "readonly" in the partition table.\n');
  return 0;
}

async function dump(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...boardOptions,
    keys: { type: 'string' },
    partition: { type: 'string' },
    'back-up': { type: 'string' },
    force: { type: 'boolean' },
    secrets: { type: 'boolean' },
  });
  const [input, ...more] = positionals;
  if ((input === undefined) === (values.port === undefined) || more.length > 0)
    throw new CliUsageError('nvs dump takes one file, or --port.');
  if (values.port === undefined && (values['back-up'] ?? values.partition ?? values.baud) !== undefined)
    throw new CliUsageError('--back-up, --partition and --baud go with --port.');
  const content = input === undefined ? await readBoard(values) : await readNvsFile(input, values.keys);
  const hide = values.secrets ? () => false : isNvsSecret;
  if (values.json) process.stdout.write(`${JSON.stringify(jsonOf(content, hide), null, 2)}\n`);
  else process.stdout.write(formatNvsCsv(content.rows, hide));
  if (content.rows.length === 0 && content.problems.length === 0) process.stderr.write('This NVS is empty.\n');
  for (const problem of content.problems) process.stderr.write(`${problem}\n`);
  const hidden = values.secrets ? 0 : countNvsSecrets(content.rows);
  if (hidden > 0) process.stderr.write(`Hidden: ${counted(hidden, 'secret value')}; --secrets shows what is hidden.\n`);
  return content.looksEncrypted ? 1 : 0;
}

async function readBoard(values: {
  readonly port?: string;
  readonly baud?: string;
  readonly keys?: string;
  readonly partition?: string;
  readonly 'back-up'?: string;
  readonly force?: boolean;
}): Promise<NvsContent> {
  const { port, baud, keys: keyFile, partition, 'back-up': file, force } = values;
  if (file !== undefined) await checkOutput(file, { force }); // before the board is reset for it
  const { readNvsOfBoard } = await import('../io/provisioning/boardNvs');
  const nvsKeys = keyFile === undefined ? undefined : await readNvsKeyFile(keyFile);
  const options = { baudRate: parseBaud(baud), signal: interruptSignal() };
  const { bytes, content, mac, advice } = await readNvsOfBoard(
    await openNamedPort(port),
    { partition, nvsKeys },
    options,
  );
  if (file !== undefined) {
    await writeOutput(file, bytes, { mode: 0o600, force });
    process.stderr.write(
      `The NVS of ${mac ?? port} is in ${file}, ${bytes.length} bytes, keys included: keep it secret.\n`,
    );
  }
  if (advice !== undefined) process.stderr.write(`${advice}\n`);
  return content;
}

async function keys(args: readonly string[]): Promise<number> {
  const { positionals } = parseOptions(args, {});
  const [output, ...more] = positionals;
  if (output === undefined || more.length > 0) throw new CliUsageError('nvs keys takes the name of a new file.');
  await writeNvsKeys(output);
  process.stderr.write(
    `Wrote ${output}. Flash it into a partition of type data, subtype nvs_keys, and keep it secret.\n`,
  );
  return 0;
}

function jsonOf(
  content: NvsContent,
  hide: (key: string, value: Extract<NvsRow, { kind: 'entry' }>['value']) => boolean,
) {
  let namespace = '';
  const entries = content.rows.flatMap((row) => {
    if (row.kind === 'namespace') {
      namespace = row.key;
      return [];
    }
    const [encoding, text] = nvsValueText(row.value);
    return [{ namespace, key: row.key, encoding, ...(hide(row.key, row.value) ? { hidden: true } : { value: text }) }];
  });
  const { problems, looksEncrypted, pages, entries: counts } = content;
  return { entries, problems, looksEncrypted, pages, entryCounts: counts };
}
