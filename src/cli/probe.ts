// `secure-iot probe`: the TLS test of a broker in a terminal or as a gate in CI.
import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { boardTable } from '../core/tls/boardTable';
import { EXPORT_FORMATS } from '../core/tls/probeExport';
import { probeText } from '../core/tls/probeMarkdown';
import { isTrusted } from '../core/tls/probeSections';
import { parseTlsAddress } from '../core/tls/tlsAddress';
import { readCertificates } from '../core/x509/readCertificates';
import { ConnectError } from '../io/mqtt/connectError';
import { verifySignature } from '../io/pki/signatureCheck';
import { publicRoots } from '../io/tls/publicRoots';
import { probeTls } from '../io/tls/tlsProbe';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    servername: { type: 'string' },
    timeout: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    sarif: { type: 'boolean', default: false },
  });
  const { host, port } = address(positionals);
  if ((values.cert === undefined) !== (values.key === undefined)) {
    throw new CliUsageError('--cert and --key go together');
  }
  const timeoutMs = Number(values.timeout);
  if (!(timeoutMs >= 100 && timeoutMs <= 600_000))
    throw new CliUsageError('--timeout takes 100 to 600000 milliseconds');
  const [ca, certificate, key] = await Promise.all([values.ca, values.cert, values.key].map(readPem));
  const passphrase = process.env['SECURE_IOT_KEY_PASSPHRASE'];
  const anchors = ca === undefined ? publicRoots() : certificatesOf(values.ca ?? '', ca);
  if (certificate !== undefined) certificatesOf(values.cert ?? '', certificate);
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(values.servername === undefined ? {} : { servername: values.servername }),
  };
  const formats = (['json', 'markdown', 'sarif'] as const).filter((name) => values[name]);
  const [format] = formats;
  if (formats.length > 1) throw new CliUsageError('choose one of --json, --markdown and --sarif');
  const silent = format !== undefined || !process.stderr.isTTY;
  const onProgress = silent ? undefined : (step: string) => void process.stderr.write(`\r\u001b[KTesting: ${step}`);
  try {
    const report = await probeTls({
      host,
      port,
      tls,
      timeoutMs,
      nowMs: Date.now(),
      ...(onProgress ? { onProgress } : {}),
    });
    if (onProgress) process.stderr.write('\r\u001b[K');
    const boards = boardTable(report, anchors, verifySignature);
    process.stdout.write(format ? EXPORT_FORMATS[format].write(report, boards) : probeText(report, boards));
    return isTrusted(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    if (onProgress) process.stderr.write('\r\u001b[K');
    if (values.json) process.stdout.write(`${JSON.stringify({ host, port, error: error.failure }, undefined, 2)}\n`);
    process.stderr.write(`secure-iot probe: ${error.failure.reason}\n`);
    return 2;
  }
}

function address(positionals: readonly string[]): { readonly host: string; readonly port: number } {
  const [text, ...rest] = positionals;
  if (text === undefined || rest.length > 0)
    throw new CliUsageError('give one address, for example mqtts://localhost:8883');
  const address = parseTlsAddress(text);
  if (!address) throw new CliUsageError(`"${text}" is no address of a TLS port; it looks like mqtts://localhost:8883`);
  return address;
}

/** A broken PEM is told with its file's name. */
function certificatesOf(file: string, pem: string) {
  try {
    return readCertificates(pem);
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.code, `${file}: ${error.message}`) : error;
  }
}

async function readPem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(
      'file-unreadable',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path.`,
    );
  }
}
