// The eFuses of a chip as both doors show them: what is burnt line by line, what is not by name.
import type { EfuseRow } from './efuseRows';

export interface BurntEfuse {
  readonly name: string;
  /** Bits, or a few words where they are not shown. */
  readonly value: string;
  readonly shown: boolean;
  /** What there is to say about it, perhaps nothing. */
  readonly note: string;
}

export interface EfuseSummary {
  readonly burnt: readonly BurntEfuse[];
  /** Names of what is not burnt: the first can still be, the others never. */
  readonly open: readonly string[];
  readonly locked: readonly string[];
}

export function efuseSummary(rows: readonly EfuseRow[]): EfuseSummary {
  const shown = rows.filter(({ burnt, readable }) => burnt || !readable);
  const empty = rows.filter((row) => !shown.includes(row));
  const names = (writable: boolean) => empty.filter((row) => row.writable === writable).map(({ name }) => name);
  return {
    burnt: shown.map(({ name, value, raw, writable, meaning }) => ({
      name,
      value: inGroups(value),
      shown: raw !== undefined,
      note: note(writable, meaning),
    })),
    open: names(true),
    locked: names(false),
  };
}

/** A digest in words of eight digits: a table can break it. */
function inGroups(value: string): string {
  return /^0x[0-9a-f]{17,}$/.test(value) ? value.slice(2).replace(/.{8}(?=.)/g, '$& ') : value;
}

function note(writable: boolean, meaning: string | undefined): string {
  return [writable ? undefined : 'Locked.', meaning].filter((part) => part !== undefined).join(' ');
}

/** Lines for a terminal. */
export function efuseText(rows: readonly EfuseRow[]): string {
  const { burnt, open, locked } = efuseSummary(rows);
  const width = Math.max(...burnt.map(({ name }) => name.length));
  const lines = burnt.map((one) => `  ${one.name.padEnd(width)}  ${one.value}${one.note ? `  ${one.note}` : ''}`);
  return [
    `eFuses burnt (${burnt.length} of ${rows.length} fields):`,
    ...lines,
    ...named('Not burnt', open),
    ...named('Not burnt, and locked so for ever', locked),
  ].join('\n');
}

function named(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : ['', `${title}: ${names.join(', ')}`];
}

/** A section of a Markdown page. */
export function efuseMarkdown(rows: readonly EfuseRow[]): string {
  const { burnt, open, locked } = efuseSummary(rows);
  const table = burnt.map((one) => `| ${one.name} | ${one.shown ? `\`${one.value}\`` : one.value} | ${one.note} |`);
  return [
    '## eFuses',
    `${burnt.length} of ${rows.length} fields are burnt. What is burnt stays burnt; reading changes nothing.`,
    ['| Field | Value | Meaning |', '| --- | --- | --- |', ...table].join('\n'),
    ...named('Not burnt', open).slice(1),
    ...named('Not burnt, and locked so for ever', locked).slice(1),
  ].join('\n\n');
}
