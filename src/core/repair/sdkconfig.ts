// Reads and changes options of an ESP-IDF project: in sdkconfig, which wins once it is there, and in its defaults.
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import type { SdkconfigOption } from './repair';

const DEFAULTS = 'sdkconfig.defaults';

/** The generated configurations: `sdkconfig`, and PlatformIO's one for each environment. */
function generated(files: readonly SourceFile[]): SourceFile[] {
  const ini = files.find(({ path }) => path === 'platformio.ini')?.text ?? '';
  const environments = [...ini.matchAll(/^\[env:([^\]]+)\]/gm)].map(([, name]) => `sdkconfig.${name}`);
  return files.filter(({ path }) => path === 'sdkconfig' || environments.includes(path));
}

/** `sdkconfig.defaults`, and those for one chip. */
function defaults(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => path === DEFAULTS || path.startsWith(`${DEFAULTS}.`));
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function lineOf(text: string, name: string): Line | undefined {
  const match = new RegExp(`^(?:${name}=([^\\r\\n]*)|# ${name} is not set)`, 'm').exec(text);
  return match ? { start: match.index, end: match.index + match[0].length, value: match[1]?.trim() ?? 'n' } : undefined;
}

/** As the build has it, else as its defaults say; undefined where no file says it. */
export function readOption(files: readonly SourceFile[], name: string): string | undefined {
  return [...generated(files), ...defaults(files)].map(({ text }) => lineOf(text, name)?.value).find(Boolean);
}

/** Whether this version of ESP-IDF has the option: a generated configuration lists all that can be set. */
export function knowsOption(files: readonly SourceFile[], name: string): boolean {
  const built = generated(files);
  return built.length === 0 || built.some(({ text }) => lineOf(text, name));
}

/**
 * Edits that set the options, in the order given: one that is not listed yet follows the one before, which it depends
 * on. Empty where everything is so already.
 */
export function setOptions(files: readonly SourceFile[], options: readonly SdkconfigOption[]): FileEdit[] {
  const built = generated(files);
  const wanted = defaults(files);
  const edits = built.flatMap((file) => editsOf(file, options));
  for (const file of wanted) {
    const own = options.filter(({ name }) => lineOf(file.text, name));
    const missing = options.filter(({ name }) => !wanted.some(({ text }) => lineOf(text, name)));
    edits.push(...editsOf(file, file.path === DEFAULTS ? [...own, ...missing] : own));
  }
  if (built.length > 0 || wanted.length > 0) return edits;
  const newText = options.map((option) => `${statement(option)}\n`).join('');
  return [{ file: DEFAULTS, start: 0, end: 0, newText, create: true }];
}

function statement({ name, value }: SdkconfigOption): string {
  return value === 'n' ? `# ${name} is not set` : `${name}=${value}`;
}

function editsOf({ path, text }: SourceFile, options: readonly SdkconfigOption[]): FileEdit[] {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: FileEdit[] = [];
  const replace = (start: number, end: number, newText: string) => edits.push({ file: path, start, end, newText });
  let previous: Line | undefined;
  const tail: string[] = [];
  for (const option of options) {
    const line = lineOf(text, option.name);
    if (line && line.value !== option.value) replace(line.start, line.end, statement(option));
    else if (!line && previous) replace(previous.end, previous.end, `${newline}${statement(option)}`);
    else if (!line) tail.push(`${statement(option)}${newline}`);
    for (const other of option.others ?? []) {
      const rival = lineOf(text, other);
      if (rival?.value === 'y') replace(rival.start, rival.end, `# ${other} is not set`);
    }
    previous = line ?? previous;
  }
  const begin = text === '' || text.endsWith('\n') ? '' : newline;
  if (tail.length > 0) replace(text.length, text.length, `${begin}${tail.join('')}`);
  return edits;
}
