// `node --require ./scripts/typescript.cjs scripts/noteTemplateChecks.ts`: writes into each template.json, as "verified",
// where the names that the template uses were read (firmware-templates/shared/checked.json). Run it after a change there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesOf, templates, templatesFolder } from '../test/support/templateChecks';

for (const template of templates) {
  const file = join(templatesFolder, template.id, 'template.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  // Notes about what is no code, such as a provider's rules, are the template's own.
  const own = json.verified.filter(({ source }: { source: string }) => source.startsWith('docs.'));
  writeFileSync(file, `${JSON.stringify({ ...json, verified: [...own, ...notesOf(template)] }, null, 2)}\n`);
}
