// Which lines of a log to show: by ESP-IDF or Arduino level, by tag, by text or /expression/.
import { UserError } from '../errors';
import { stripAnsi } from '../serial/ansi';

const LEVELS = 'EWIDV';
/** `E (1234) tag: text` of ESP-IDF; `[ 1234][E][file.cpp:12] name(): text` of arduino-esp32. */
const IDF_LINE = /^([EWIDV]) \((?:\d+|[\d:. -]+)\) ([^:]+):/;
const ARDUINO_LINE = /^\[\s*\d+\]\[([EWIDV])\]\[([^\]:]+)/;

export type LineFilter = (line: string) => boolean;

/**
 * Reads words that must all hold: `level:W` (warnings and worse), `tag:wifi`, `/expression/`, `text`, each with `-` in
 * front for its opposite. Lines without a level or tag pass `level:` and fail `tag:`. Empty text shows everything.
 * Throws UserError `filter-invalid`.
 */
export function parseLineFilter(text: string): LineFilter | undefined {
  const words = text.match(/-?\/(?:\\.|[^/\\])+\/i?|\S+/g) ?? [];
  if (words.length === 0) return undefined;
  const tests = words.map((word) => {
    const not = word.startsWith('-') && word.length > 1;
    const test = oneTest(not ? word.slice(1) : word);
    return not ? (line: string) => !test(line) : test;
  });
  return (line) => {
    const plain = stripAnsi(line).text;
    return tests.every((test) => test(plain));
  };
}

function oneTest(word: string): LineFilter {
  const level = /^level:([ewidv])$/i.exec(word)?.[1]?.toUpperCase();
  if (level) {
    const least = LEVELS.indexOf(level);
    return (line) => {
      const own = parts(line)?.level;
      return own === undefined || LEVELS.indexOf(own) <= least;
    };
  }
  if (/^level:/i.test(word))
    throw new UserError(
      'filter-invalid',
      `"${word}" is not a level. Use level:E, level:W, level:I, level:D or level:V.`,
    );
  const tag = /^tag:(.+)$/i.exec(word)?.[1]?.toLowerCase();
  if (tag) return (line) => parts(line)?.tag.toLowerCase().includes(tag) ?? false;
  const expression = /^\/(.+)\/(i?)$/.exec(word);
  if (expression) return byExpression(expression[1] ?? '', expression[2] ?? '');
  const lower = word.toLowerCase();
  return (line) => line.toLowerCase().includes(lower);
}

function byExpression(source: string, flags: string): LineFilter {
  try {
    const expression = new RegExp(source, flags);
    return (line) => expression.test(line);
  } catch (error) {
    throw new UserError('filter-invalid', `The expression /${source}/ cannot be used: ${(error as Error).message}.`);
  }
}

function parts(line: string): { level: string; tag: string } | undefined {
  const match = IDF_LINE.exec(line) ?? ARDUINO_LINE.exec(line);
  return match ? { level: match[1] ?? '', tag: match[2] ?? '' } : undefined;
}
