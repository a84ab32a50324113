// What a template.json says: slots, boards, files per framework. Parsed at the edge, typed from here on.

import { asObject, fail, parseFile, parseSlot, type Slot, type TemplateFile } from './templateParts';
import { findSet, type TemplateSets } from './templateSets';

export const FRAMEWORKS = ['arduino', 'platformio', 'esp-idf'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface FrameworkFiles {
  /** The file to show first. */
  readonly open: string;
  readonly files: readonly TemplateFile[];
}

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Place in the list, the most general first. */
  readonly place: number;
  readonly boards: readonly string[];
  readonly slots: readonly Slot[];
  readonly frameworks: Readonly<Partial<Record<Framework, FrameworkFiles>>>;
}

/** The files of `sets` and of the template's own list, in this order; of two with one target the later counts. */
function parseFiles(id: string, framework: string, value: unknown, own: readonly TemplateFile[], sets: TemplateSets) {
  const entry = asObject(value);
  const { open, files = [], sets: names = [] } = entry ?? {};
  if (typeof open !== 'string' || !Array.isArray(files) || !Array.isArray(names)) {
    fail(id, `${framework} needs "open", and "sets" or "files"`);
  }
  const all = [
    ...names.flatMap((name: unknown) => (name === 'own' ? own : findSet(sets.files, name, id))),
    ...files.map((file: unknown) => parseFile(id, file)),
  ];
  return { open, files: [...new Map(all.map((file) => [`${file.target} ${file.chip ?? ''}`, file])).values()] };
}

/** Parses the JSON of one template. Throws a plain Error (a bug in the template) that names the file. */
export function parseTemplate(id: string, json: unknown, sets: TemplateSets): Template {
  const root = asObject(json);
  if (!root) fail(id, 'not an object');
  const { title, description, boards, slots } = root;
  if (typeof title !== 'string' || typeof description !== 'string') fail(id, 'title and description are needed');
  if (!Array.isArray(boards) || !Array.isArray(slots)) fail(id, 'boards and slots are needed');
  const frameworks = asObject(root['frameworks']) ?? {};
  const own = Array.isArray(root['own']) ? root['own'].map((file: unknown) => parseFile(id, file)) : [];
  for (const name of Object.keys(frameworks)) {
    if (!FRAMEWORKS.includes(name as Framework)) fail(id, `unknown framework ${name}`);
  }
  return {
    id,
    title,
    description,
    place: typeof root['place'] === 'number' ? root['place'] : 99,
    boards: boards.map(String),
    slots: slots.flatMap((slot: unknown) =>
      typeof slot === 'string' ? findSet(sets.slots, slot, id) : [parseSlot(id, slot)],
    ),
    frameworks: Object.fromEntries(
      Object.entries(frameworks).map(([name, value]) => [name, parseFiles(id, name, value, own, sets)]),
    ),
  };
}
