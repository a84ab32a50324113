// Every name that the decoder can find has an explanation of its own, or a reason why no more can be said truthfully.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../../src/contributions/commands';
import { codeNames } from '../../../src/core/decode/codeNames';
import { createDecoder } from '../../../src/core/decode/decoder';
import { ENTRIES, entryFor, hasOwnEntry } from '../../../src/core/knowledge/entries';

const NAME_ONLY: readonly (readonly [reason: string, names: RegExp])[] = [
  ['the number a component counts from: no function returns it', /^ESP_ERR_\w+_BASE$|^ESP_OK_/],
  ['the ULP assembler and memory protection have nothing to do with a connection', /^ESP_ERR_(?:ULP|MEMPROT)_/],
  [
    'alerts about extensions (RFC 6066) that no TLS library of these boards has',
    /^SSL_R_TLSV1_(?:CERTIFICATE_UNOBTAINABLE|BAD_CERTIFICATE_(?:STATUS_RESPONSE|HASH_VALUE))$/,
  ],
  [
    'no socket, file or driver of these frameworks gives it: newlib only lists the name',
    /^(?:ESRCH|ENXIO|E2BIG|ENOEXEC|ECHILD|ENOTBLK|EXDEV|ENOTTY|ETXTBSY|ESPIPE|EMLINK|EDOM|ERANGE|ENOMSG|EIDRM|ECHRNG|EL2NSYNC|EL3HLT|EL3RST|ELNRNG|EUNATCH|ENOCSI|EL2HLT|EDEADLK|ENOLCK|EBADE|EBADR|EXFULL|ENOANO|EBADRQC|EBADSLT|EDEADLOCK|EBFONT|ENOSTR|ENODATA|ETIME|ENOSR|ENOPKG|EREMOTE|ENOLINK|EADV|ESRMNT|EMULTIHOP|ELBIN|EDOTDOT|EFTYPE|ENOTUNIQ|EBADFD|EREMCHG|ELIBACC|ELIBBAD|ELIBSCN|ELIBMAX|ELIBEXEC|ENMFILE|ELOOP|ETOOMANYREFS|EPROCLIM|EUSERS|EDQUOT|ESTALE|ENOMEDIUM|ENOSHARE|ECASECLASH|EILSEQ|ENOTRECOVERABLE|EOWNERDEAD|ESTRPIPE|EHWPOISON|EISNAM|EKEYEXPIRED|EKEYREJECTED|EKEYREVOKED)$/,
  ],
];

const rows = codeNames().map((row) => ({ ...row, start: 0, text: row.code }));

test('every name that can be found is explained beyond its name, or is on the list of those that need none', () => {
  assert.ok(rows.length > 1000);
  const bare = rows.filter((row) => !hasOwnEntry(row)).map(({ name }) => name);
  assert.deepEqual(
    bare.filter((name) => !NAME_ONLY.some(([, names]) => names.test(name))),
    [],
  );
  // The list holds no name that has an entry by now.
  for (const row of rows) {
    const [reason] = NAME_ONLY.find(([, names]) => names.test(row.name)) ?? [];
    if (reason) assert.ok(!hasOwnEntry(row), `${row.name} has an entry, and is listed as "${reason}"`);
  }
});

test('every explanation is a sentence with its source, and every button a command of ours', () => {
  for (const row of rows) {
    const { title, causes, fixes, sources } = entryFor(row);
    assert.match(title, /^\S.{8,}[.!?…]$/, row.name);
    assert.ok(title.length < 160, `${row.name}: ${title}`);
    assert.ok(sources.length > 0 && sources.every((source) => source.length > 5), row.name);
    for (const { text, source } of causes) {
      assert.match(text, /^\S.*[.!?…)]$/, `${row.name}: ${text}`);
      assert.ok(source.length > 5, `${row.name}: ${text}`);
    }
    for (const { text, command } of fixes) {
      assert.match(text, /^\S.{8,}$/, row.name);
      if (command) assert.ok(command in commands, `${row.name}: ${command}`);
    }
  }
});

test('a name that no table holds is no key of the knowledge base', () => {
  const known = new Set(rows.map(({ name }) => name));
  const read = new Set(['ESP_ERR_NVS_CONTENT_DIFFERS', 'CORRUPT_HEAP']);
  const strangers = [...ENTRIES.keys()].filter((name) => !known.has(name) && !read.has(name));
  assert.deepEqual(strangers, []);
});

test('whatever is found, explaining it never fails and never repeats a cause', () => {
  for (const row of rows) {
    const decoder = createDecoder();
    for (const finding of decoder.next(`E (1) app: failed: ${row.name}`)) {
      const texts = finding.explanation.causes.map(({ text }) => text);
      assert.equal(new Set(texts).size, texts.length, row.name);
    }
  }
});
