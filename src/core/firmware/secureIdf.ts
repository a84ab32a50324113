// Turns a plain esp-mqtt program into one with mutual TLS, as edits that a person reviews.
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import { constantNames, identityHeaders, type SketchIdentity } from './identityHeaders';
import { afterIncludes } from './insertionPlaces';
import type { PlainIdf } from './plainIdf';
import type { SecuredSketch } from './secureSketch';

/** Members of esp_mqtt_client_config_t (espressif/esp-mqtt include/mqtt_client.h; before ESP-IDF 5 it was flat). */
const NESTED = [
  'broker.verification.certificate',
  'credentials.authentication.certificate',
  'credentials.authentication.key',
];
const FLAT = ['cert_pem', 'client_cert_pem', 'client_key_pem'];

export function secureIdf(files: readonly SourceFile[], program: PlainIdf, identity: SketchIdentity): SecuredSketch {
  const { main, config, constant, start, end, replacements } = program;
  const names = constantNames(program.words);
  const eol = main.text.includes('\r\n') ? '\r\n' : '\n';
  const lineStart = main.text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(main.text.slice(lineStart))?.[0] ?? '';
  const values = [names.ca, names.certificate, names.key];
  const members = program.flat ? FLAT : NESTED;
  const lines = members.map((member, i) => `${eol}${indent}${config}.${member} = ${values[i]};`).join('');
  const includes = ['certificates.h', 'secrets.h'].map((name) => `#include "${name}"${eol}`);
  const missing = includes.filter((line) => !main.text.includes(line.trim()));
  const at = (offset: number, newText: string, until = offset): FileEdit => ({
    file: main.path,
    start: offset,
    end: until,
    newText,
  });
  const edits: FileEdit[] = [at(afterIncludes(main.text), missing.join(''))];
  if (constant) edits.push(at(constant.start, '', constant.end));
  edits.push(at(end, lines));
  for (const { at: place, text } of replacements)
    edits.push({ file: place.file, start: place.start, end: place.end, newText: text });
  edits.push(...identityHeaders(files, main.path, names, identity, 'esp-idf'));
  return { edits: edits.filter((edit) => edit.newText !== '' || edit.end > edit.start), notes: notes(program) };
}

function notes({ replacements }: PlainIdf): string[] {
  const odd = replacements.some(({ text }) => !text.includes(':8883'));
  return [
    ...(odd ? ['The port is not 1883 and was kept: set the TLS port (8883).'] : []),
    'The host must be a name in the broker certificate, spelled the same.',
  ];
}
