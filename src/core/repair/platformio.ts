// Settings of an Arduino project outside its sources: platformio.ini for each environment, the boards of sketch.yaml.
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';

const VERBOSE = 5;

/** Empty where there is neither file, or it is so already. arduino-esp32 esp32-hal-log.h; boards.txt (DebugLevel). */
export function talkativeCoreEdits(files: readonly SourceFile[]): FileEdit[] {
  const ini = files.find(({ path }) => path === 'platformio.ini');
  if (ini) return environmentEdits(ini, 'build_flags', addFlag);
  const sketch = files.find(({ path }) => path === 'sketch.yaml');
  return sketch ? sketchBoardEdits(sketch) : [];
}

/** Empty where there is no platformio.ini, or it is so already. PlatformIO docs, platforms/espressif32. */
export function flashSizeEdits(files: readonly SourceFile[], size: string): FileEdit[] {
  const ini = files.find(({ path }) => path === 'platformio.ini');
  return ini ? environmentEdits(ini, 'board_upload.flash_size', () => size) : [];
}

/** In front of the others: behind them it could end up in a comment. */
function addFlag(value = ''): string {
  const flag = `-DCORE_DEBUG_LEVEL=${VERBOSE}`;
  if (/CORE_DEBUG_LEVEL/.test(value)) return value.replace(/(CORE_DEBUG_LEVEL\s*=\s*)\w+/, `$1${VERBOSE}`);
  const lineBreak = /^\r?\n[ \t]+/.exec(value)?.[0];
  return lineBreak ? `${lineBreak}${flag}${value}` : `${flag} ${value}`.trimEnd();
}

interface Section {
  readonly name: string;
  readonly start: number;
  /** After its last line with something in it. */
  readonly end: number;
}

/** Sets `key` in each `[env:…]`, or in `[env]` where that has it and the environment does not. */
function environmentEdits(
  { path, text }: SourceFile,
  key: string,
  change: (value: string | undefined) => string,
): FileEdit[] {
  const sections = sectionsOf(text);
  const common = sections.find(({ name }) => name === 'env');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const edits = new Map<number, FileEdit>();
  for (const section of sections.filter(({ name }) => name.startsWith('env:'))) {
    const place = valueIn(text, section, key) ?? (common && valueIn(text, common, key));
    const old = place && text.slice(place.start, place.end);
    const value = change(old);
    const [start, end] = place ? [place.start, place.end] : [section.end, section.end];
    const newText = place ? value : `${newline}${key} = ${value}`;
    if (old !== value) edits.set(start, { file: path, start, end, newText });
  }
  return [...edits.values()];
}

function sectionsOf(text: string): Section[] {
  const heads = [...text.matchAll(/^\[([^\]\r\n]+)\]/gm)];
  return heads.map((head, i) => {
    const until = heads[i + 1]?.index ?? text.length;
    return { name: head[1] ?? '', start: head.index, end: head.index + text.slice(head.index, until).trimEnd().length };
  });
}

/** The value of a key with its further, indented lines; without the spaces around it. */
function valueIn(text: string, { start, end }: Section, key: string): { start: number; end: number } | undefined {
  const name = key.replaceAll('.', '\\.');
  const match = new RegExp(`^(${name}[ \\t]*=[ \\t]*)((?:[^\\r\\n]*)(?:\\r?\\n[ \\t]+[^\\r\\n]+)*)`, 'm').exec(
    text.slice(start, end),
  );
  if (!match) return undefined;
  const from = start + match.index + (match[1] ?? '').length;
  return { start: from, end: from + (match[2] ?? '').trimEnd().length };
}

/** `esp32:esp32:esp32s3` gets the option DebugLevel=verbose; boards of other cores stay. */
function sketchBoardEdits({ path, text }: SourceFile): FileEdit[] {
  return [...text.matchAll(/^[ \t]*(?:default_)?fqbn:[ \t]*["']?(esp32:[\w:.=,-]+)/gm)].flatMap((match) => {
    const board = match[1] ?? '';
    const start = match.index + match[0].length - board.length;
    const newText = withOption(board, 'DebugLevel', 'verbose');
    return newText === board ? [] : [{ file: path, start, end: start + board.length, newText }];
  });
}

/** `esp32:esp32:esp32:A=b,C=d` -> the same with the option set. */
function withOption(board: string, name: string, value: string): string {
  const [vendor, core, id, options = ''] = board.split(':');
  const kept = options.split(',').filter((option) => option !== '' && !option.startsWith(`${name}=`));
  return [vendor, core, id, [...kept, `${name}=${value}`].join(',')].join(':');
}
