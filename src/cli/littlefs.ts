// `secure-iot littlefs build`: a folder as a LittleFS partition image.
import { counted } from '../core/counted';
import { buildLittlefsFile } from '../io/provisioning/littlefsFolder';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    'block-size': { type: 'string', default: '4096' },
    'name-max': { type: 'string', default: '64' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [action, folder, output, size, ...more] = positionals;
  if (action !== 'build' || folder === undefined || output === undefined || size === undefined || more.length > 0)
    throw new CliUsageError('littlefs takes: build FOLDER OUT.bin SIZE.');
  const partition = number(size);
  const { files, bytes } = await buildLittlefsFile(folder, output, {
    size: partition,
    blockSize: number(values['block-size']),
    nameMax: number(values['name-max']),
    force: values.force,
  });
  if (values.json)
    process.stdout.write(`${JSON.stringify({ file: output, bytes: partition, files, contentBytes: bytes })}\n`);
  else process.stderr.write(`Wrote ${output}: ${counted(files, 'file')}, ${counted(bytes, 'byte')} in all.\n`);
  return 0;
}

function number(text: string): number {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text) || Number(text) === 0) throw new CliUsageError(`"${text}" is not a size.`);
  return Number(text);
}
