// The templates that come with the program: a folder `firmware-templates`, one folder with a template.json per template.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors';
import { parseTemplate, type Template } from '../../core/firmware/template';
import { parseTemplateSets } from '../../core/firmware/templateSets';
import { includesOf } from '../../core/firmware/templateText';

/** Finds the folder from the place of the running code: beside `dist` when packaged, at the top of the repository else. */
export function findTemplateFolder(from: string = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'firmware-templates');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) throw new Error(`firmware-templates is missing beside ${from}`);
  }
}

/** All templates, the most general first. */
export async function loadTemplates(folder: string): Promise<Template[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const ids = entries.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'template.json')));
  const sets = parseTemplateSets(JSON.parse(await readFile(join(folder, 'shared', 'sets.json'), 'utf8')));
  const templates = ids.map(async ({ name }) =>
    parseTemplate(name, JSON.parse(await readFile(join(folder, name, 'template.json'), 'utf8')), sets),
  );
  return (await Promise.all(templates)).sort((a, b) => a.place - b.place || a.id.localeCompare(b.id));
}

export function pickTemplate(templates: readonly Template[], id: string): Template {
  const found = templates.find((template) => template.id === id);
  if (found) return found;
  const known = templates.map((template) => template.id).join(', ');
  throw new UserError('unknown-template', `There is no template "${id}". There are: ${known}.`);
}

/** The text of every source file that a template names, and of those they include, by its path in the folder. */
export async function readTemplateSources(folder: string, template: Template): Promise<ReadonlyMap<string, string>> {
  const sources = Object.values(template.frameworks).flatMap((entry) => entry.files.map((file) => file.source));
  const texts = new Map<string, string>();
  const read = async (source: string): Promise<void> => {
    if (texts.has(source)) return;
    const text = await readFile(join(folder, ...source.split('/')), 'utf8');
    texts.set(source, text);
    await Promise.all(includesOf(text).map(read));
  };
  await Promise.all([...new Set(sources)].map(read));
  return texts;
}
