// What each template uses of cores, libraries and SDKs, and what firmware-templates/shared/checked.json says of where
// that was read: in which source, in which version.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBoardKind } from '../../src/core/firmware/boardList';
import { type Framework, parseTemplate, type Template } from '../../src/core/firmware/template';
import { parseTemplateSets } from '../../src/core/firmware/templateSets';
import { expandIncludes } from '../../src/core/firmware/templateText';
import { foreignNames } from './foreignNames';

export const templatesFolder = join(import.meta.dirname ?? __dirname, '../../firmware-templates');
const readSource = (source: string): string => readFileSync(join(templatesFolder, source), 'utf8');
const sets = parseTemplateSets(JSON.parse(readSource('shared/sets.json')));

export const templates: readonly Template[] = readdirSync(templatesFolder)
  .filter((id) => id !== 'shared')
  .map((id) => parseTemplate(id, JSON.parse(readSource(`${id}/template.json`)), sets));

/** One line of checked.json: the names that were found in a source, in these versions, for these cores. */
interface Checked {
  readonly source: string;
  readonly versions: string;
  readonly covers: readonly string[];
  readonly names: readonly string[];
}

export const checked: readonly Checked[] = JSON.parse(readSource('shared/checked.json'));

/** The cores that generated code is compiled against. */
const CORES = {
  esp32: ['arduino-esp32 2.x', 'arduino-esp32 3.x'],
  esp8266: ['ESP8266 core 3.x'],
  'esp-idf': ['ESP-IDF 5.x', 'ESP-IDF 6.x'],
} as const;

export interface Use {
  readonly name: string;
  readonly core: string;
}

/** Headers, calls, types, macros and fields of the code, and the CONFIG_ names of all files, for one kind of chip. */
function namesOf(template: Template, framework: Framework, chip: 'esp32' | 'esp8266'): Set<string> {
  const files = (template.frameworks[framework]?.files ?? []).filter((file) => (file.chip ?? chip) === chip);
  const texts = new Map(files.map(({ source, target }) => [target, expandIncludes(readSource(source), readSource)]));
  const code = [...texts].filter(([path]) => /\.(h|c|cpp)$|\{\{program\}\}/.test(path) && !path.includes('example'));
  const names = foreignNames(new Map(code.map(([path, text]) => [path.replace('{{src}}', ''), text])));
  for (const text of texts.values()) {
    for (const [name] of text.matchAll(/\bCONFIG_[A-Z][A-Z0-9_]+/g)) if (name !== 'CONFIG_DEFAULT') names.add(name);
  }
  return names;
}

/** Each name with each core that must know it. */
export function usesOf(template: Template): Use[] {
  const chips = new Set(template.boards.map((id) => findBoardKind(id)?.chip ?? 'esp32'));
  return (Object.keys(template.frameworks) as Framework[]).flatMap((framework) =>
    [...chips].flatMap((chip) => {
      if (framework === 'esp-idf' && chip === 'esp8266') return [];
      const cores = CORES[framework === 'esp-idf' ? 'esp-idf' : chip];
      return [...namesOf(template, framework, chip)].flatMap((name) => cores.map((core) => ({ name, core })));
    }),
  );
}

export interface Note {
  readonly source: string;
  readonly versions: string;
  readonly names: readonly string[];
}

/** What the template's own template.json has to note: of checked.json what it uses. */
export function notesOf(template: Template): Note[] {
  const uses = usesOf(template);
  return checked.flatMap(({ source, versions, covers, names }) => {
    const used = names.filter((name) => uses.some((use) => use.name === name && covers.includes(use.core)));
    return used.length > 0 ? [{ source, versions, names: used }] : [];
  });
}
