// What templates have in common (firmware-templates/shared/sets.json): named lists of slots and of files.
import { asObject, parseFile, parseSlot, type Slot, type TemplateFile } from './templateParts';

export interface TemplateSets {
  readonly slots: ReadonlyMap<string, readonly Slot[]>;
  readonly files: ReadonlyMap<string, readonly TemplateFile[]>;
}

/** Throws a plain Error (a bug in the file) that names what is off. */
export function parseTemplateSets(json: unknown): TemplateSets {
  const root = asObject(json);
  return {
    slots: readSets(root?.['slots'], (value) => parseSlot('shared', value)),
    files: readSets(root?.['files'], (value) => parseFile('shared', value)),
  };
}

function readSets<T>(value: unknown, parse: (item: unknown) => T): ReadonlyMap<string, readonly T[]> {
  const sets = asObject(value);
  if (!sets) throw new Error('shared/sets.json needs "slots" and "files"');
  return new Map(
    Object.entries(sets).map(([name, items]) => {
      if (!Array.isArray(items)) throw new Error(`shared/sets.json: ${name} is no list`);
      return [name, items.map(parse)] as const;
    }),
  );
}

/** A set by its name. Throws a plain Error for an unknown one. */
export function findSet<T>(sets: ReadonlyMap<string, readonly T[]>, name: unknown, id: string): readonly T[] {
  const found = sets.get(String(name));
  if (!found) throw new Error(`firmware-templates/${id}/template.json: no set is called ${String(name)}`);
  return found;
}
