// Nothing of a core, a library or an SDK gets into a template unread: each name was found in its source, and where is noted.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { foreignNames } from '../../support/foreignNames';
import { checked, notesOf, templates, templatesFolder, usesOf } from '../../support/templateChecks';

const json = (id: string) => JSON.parse(readFileSync(join(templatesFolder, id, 'template.json'), 'utf8'));

for (const template of templates) {
  test(`${template.id}: every header, call, type, macro and option is noted with its source, for every core`, () => {
    const uses = usesOf(template);
    assert.ok(uses.length > 50, 'names are found');
    const unread = uses.filter(
      ({ name, core }) => !checked.some(({ names, covers }) => names.includes(name) && covers.includes(core)),
    );
    assert.deepEqual(
      unread.map(({ name, core }) => `${name} in ${core}`),
      [],
      'read its source, then add it to firmware-templates/shared/checked.json',
    );
  });

  test(`${template.id}: its template.json notes what it uses, no more and no less`, () => {
    const noted = json(template.id).verified.filter(({ source }: { source: string }) => !source.startsWith('docs.'));
    assert.deepEqual(noted, notesOf(template), 'run scripts/noteTemplateChecks.ts');
  });
}

test('nothing is noted that no template uses', () => {
  const used = new Set(templates.flatMap((template) => usesOf(template).map(({ name }) => name)));
  assert.deepEqual(
    checked.flatMap(({ names }) => names).filter((name) => !used.has(name)),
    [],
  );
});

test('a call, a type, a macro, a field, a header and a method of a foreign object are found; what is declared is not', () => {
  const code = `
    // call_in_comment(); "text_in_string("
    #include <core.h>
    #include "own.h"
    #define OWN_MACRO(value) core_call(value, CORE_MACRO)
    class Own { public: void begin() { Device.begin(); count_ = 1; } private: uint32_t count_ = 0, more_; };
    static Own own;
    static inline core_t *make(const char *name, size_t size) {
      core_config_t config = {.host = name, .inner = {.port = 1}};
      own.begin();
      for (int i = 0; i < 3; i++) printf("%d", i);
      return core_new(&config, size) ? R"X(raw_text())X" : nullptr;
    }`;
  const found = foreignNames(new Map([['own.h', code]]));
  assert.deepEqual(
    [...found].sort(),
    [
      'CORE_MACRO',
      'Device',
      'begin',
      'core.h',
      'core_call',
      'core_config_t',
      'core_new',
      'core_t',
      'host',
      'inner',
      'port',
      'printf',
      'size_t',
      'uint32_t',
    ].sort(),
  );
});
