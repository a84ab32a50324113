// Renders a template's text: `{{slot|literal}}` is replaced by the slot's value written in that language.
import { type Literal, writeLiteral } from './templateLiterals';

const MARK = /\{\{([A-Za-z][A-Za-z0-9]*)\|([A-Za-z]+)\}\}/g;
const LITERALS: readonly Literal[] = [
  'hex',
  'bytes',
  'awsTopic',
  'awsFilter',
  'c',
  'raw',
  'int',
  'yaml',
  'ini',
  'json',
  'md',
  'mdcode',
  'acl',
  'comment',
  'text',
];

const INCLUDE = /^\{\{>([\w./-]+)\}\}\n/gm;

/** The files of the templates folder that stand in `text` as a line `{{>shared/readme/pins.md}}`. */
export function includesOf(text: string): string[] {
  return [...text.matchAll(INCLUDE)].map(([, source = '']) => source);
}

/** `text` with those lines replaced by what the files hold; they may include others. */
export function expandIncludes(text: string, read: (source: string) => string): string {
  return text.replace(INCLUDE, (_, source: string) => expandIncludes(read(source), read));
}

const SECTION = /[ \t]*\{\{#([\w-]+)\}\}(\n?)([\s\S]*?)[ \t]*\{\{\/\1\}\}\2/g;

/** Keeps `{{#arduino}} … {{/arduino}}` where "arduino" is in `flags`, else leaves it out. Sections may hold others. */
export function chooseSections(text: string, flags: ReadonlySet<string>): string {
  const chosen = text.replace(SECTION, (_, flag: string, _end, inner: string) => (flags.has(flag) ? inner : ''));
  return chosen === text ? text : chooseSections(chosen, flags);
}

/**
 * The text with every mark replaced, in one pass: a value that looks like a mark stays as it is. Throws a plain Error
 * (a bug in the template) for an unknown slot or literal, or for a mark without a literal.
 */
export function renderTemplateText(text: string, values: ReadonlyMap<string, string>): string {
  for (const [mark] of text.replace(MARK, '').matchAll(/\{\{[A-Za-z][^}]*\}\}/g)) {
    throw new Error(`${mark} does not say how it is written, as in {{host|c}}`);
  }
  return text.replace(MARK, (mark, name: string, literal: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${mark}: there is no slot of this name`);
    const language = LITERALS.find((known) => known === literal);
    if (!language) throw new Error(`${mark}: unknown literal`);
    return writeLiteral(value, language);
  });
}

/** A default such as `devices/{{device}}/telemetry`, filled in as plain text. */
export function fillDefault(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{([A-Za-z][A-Za-z0-9]*)\}\}/g, (mark, name: string) => values.get(name) ?? mark);
}
