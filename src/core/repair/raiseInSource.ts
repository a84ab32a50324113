// Raises a time-out or a size that a source sets, or adds the line that sets it.
import { cppTokens } from '../diagnose/cppTokens';
import type { SourceCall, SourceFile, SourceSymbols } from '../diagnose/sourceSymbols';
import type { RepairPlan } from './planRepair';
import type { Repair } from './repair';
import { sourceNumber } from './sourceNumber';

type CallRepair = Extract<Repair, { kind: 'call' }>;
type MemberRepair = Extract<Repair, { kind: 'member' }>;

export function raiseCall(
  { types, method, atLeast, after }: CallRepair,
  files: readonly SourceFile[],
  symbols: SourceSymbols,
): RepairPlan | undefined {
  const objects = objectsOf(types, files);
  const ofType = (name: string): SourceCall[] =>
    symbols.calls.filter((call) => call.name === name && call.object !== undefined && objects.has(call.object));
  const set = ofType(method);
  if (set.length > 0) {
    const numbers = set.map(({ args, at }) => args[0] && sourceNumber(symbols, args[0], at.file));
    const low = numbers.find((number) => number !== undefined && number.value < atLeast);
    if (!low || numbers.length > 1) return undefined;
    const { file, start, end, value } = low;
    const title = `Raise ${method}() from ${value} to ${atLeast}`;
    return { title, edits: [{ file, start, end, newText: `${atLeast}` }] };
  }
  const anchor =
    after === undefined ? undefined : ofType(after).find((call) => statementEnd(call, files) !== undefined);
  const end = anchor && statementEnd(anchor, files);
  if (!anchor?.object || end === undefined) return undefined;
  const text = textOf(files, anchor.at.file);
  const access = text.slice(anchor.at.start - anchor.objectLength, anchor.at.start);
  const newText = `${newLine(text, anchor.at.start)}${access}${method}(${atLeast});`;
  return {
    title: `Add ${anchor.object}.${method}(${atLeast})`,
    edits: [{ file: anchor.at.file, start: end, end, newText }],
  };
}

export function raiseMember(
  { path, beside, atLeast }: MemberRepair,
  files: readonly SourceFile[],
  symbols: SourceSymbols,
): RepairPlan | undefined {
  const ends = (wanted: string) => symbols.assignments.find((one) => `.${one.path}`.endsWith(`.${wanted}`));
  const set = ends(path);
  if (set) {
    const number = sourceNumber(symbols, set.expression, set.at.file);
    if (!number || number.value >= atLeast) return undefined;
    const { file, start, end, value } = number;
    return {
      title: `Raise ${path} from ${value} to ${atLeast}`,
      edits: [{ file, start, end, newText: `${atLeast}` }],
    };
  }
  const anchor = beside === undefined ? undefined : ends(beside);
  if (!anchor || beside === undefined) return undefined;
  const text = textOf(files, anchor.at.file);
  const mark = /^\s*([;,])/.exec(text.slice(anchor.at.end));
  // Only written flat (`.broker.address.uri = …`): inside nested braces the member belongs to another level.
  const flat = new RegExp(`([\\w.>-]*\\.)${beside.replaceAll('.', '\\.')}\\s*=\\s*$`);
  const written = flat.exec(text.slice(Math.max(0, anchor.at.start - 200), anchor.at.start))?.[1];
  if (!mark || written === undefined) return undefined;
  // C++ wants designated initializers in the order of the struct: there a person has to place it.
  if (mark[1] === ',' && !anchor.at.file.endsWith('.c')) return undefined;
  const at = anchor.at.end + mark[0].length;
  const newText = `${newLine(text, anchor.at.start)}${written}${path} = ${atLeast}${mark[1]}`;
  return {
    title: `Add ${path} = ${atLeast}`,
    edits: [{ file: anchor.at.file, start: at, end: at, newText }],
  };
}

function textOf(files: readonly SourceFile[], path: string): string {
  return files.find((file) => file.path === path)?.text ?? '';
}

/** A line break and the indentation of the line that `at` lies in. */
function newLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return `${newline}${/^[ \t]*/.exec(text.slice(start, at))?.[0] ?? ''}`;
}

/** `PubSubClient client(net);` -> `client`; pointers too. */
function objectsOf(types: readonly string[], files: readonly SourceFile[]): Set<string> {
  const objects = new Set<string>();
  for (const { path, text } of files) {
    if (!/\.(ino|c|cc|cpp|cxx|h|hpp|hh)$/i.test(path) || !types.some((type) => text.includes(type))) continue;
    const tokens = cppTokens(text);
    tokens.forEach((token, i) => {
      if (token.kind !== 'word' || !types.includes(token.text)) return;
      const next = tokens[i + 1];
      const name = next?.kind === 'mark' && '*&'.includes(next.text) ? tokens[i + 2] : next;
      if (name?.kind === 'word') objects.add(name.text);
    });
  }
  return objects;
}

/** After the `;` of a call, and its comment, that is a statement of its own: not a condition, not behind an `if` without braces. */
function statementEnd({ at, objectLength }: SourceCall, files: readonly SourceFile[]): number | undefined {
  const text = textOf(files, at.file);
  const before = text.slice(0, at.start - objectLength).replace(/\/\/[^\n]*(?=\n)/g, '');
  if (!/(?:^|[;{}])\s*$/.test(before) && !/\*\/\s*$/.test(before)) return undefined;
  const rest = /^;(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(at.end))?.[0];
  return rest === undefined ? undefined : at.end + rest.length;
}
