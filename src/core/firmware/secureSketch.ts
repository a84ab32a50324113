// Turns a plain MQTT sketch into one with mutual TLS, as edits that a person reviews.
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import { UserError } from '../errors';
import { type ConstantNames, constantNames, folderOf, identityHeaders, type SketchIdentity } from './identityHeaders';
import { afterIncludes, functionBody, statementStart } from './insertionPlaces';
import { type PlainSketch, readPlainSketch } from './plainSketch';

export interface SecuredSketch {
  readonly edits: readonly FileEdit[];
  /** What is left for the person. */
  readonly notes: readonly string[];
}

/** Throws what readPlainSketch throws, and `sketch-not-plain` where there is no place for the set-up. */
export function secureSketch(files: readonly SourceFile[], identity: SketchIdentity): SecuredSketch {
  const sketch = readPlainSketch(files);
  const { main } = sketch;
  const names = constantNames(sketch.words);
  // The insertion first: at one place, of two edits the first one given stands first.
  const setUp = setUpEdit(files, sketch, setUpLines(sketch, names));
  const edits: FileEdit[] = [insertLines(main, afterIncludes(main.text), includeLines(main, main))];
  const caller = files.find(({ path }) => path === setUp.file);
  if (caller && caller !== main) {
    edits.push(insertLines(caller, afterIncludes(caller.text), includeLines(caller, main)));
  }
  for (const { file, start, end } of sketch.declarations) {
    edits.push({ file: file.path, start, end, newText: clientType(sketch) });
  }
  for (const header of new Set(sketch.declarations.map(({ file }) => file))) {
    if (header === main || header === caller) continue;
    edits.push(insertLines(header, afterIncludes(header.text), ['#include <WiFiClientSecure.h>']));
  }
  edits.push(setUp);
  for (const { file, start, end, quoted } of sketch.ports) {
    edits.push({ file, start, end, newText: quoted ? '"8883"' : '8883' });
  }
  for (const { file, start } of sketch.missingPorts) edits.push({ file, start, end: start, newText: ', 8883' });
  const waits = sketch.chip === 'esp32' ? [] : waitEdits(files, sketch);
  edits.push(...waits);
  edits.push(...identityHeaders(files, main.path, names, identity, 'arduino'));
  return { edits: edits.filter(({ newText }) => newText !== ''), notes: notes(sketch, files, waits.length) };
}

/** On the ESP8266 `WiFiClientSecure` is BearSSL's too, unless axTLS was asked for; so the full name where it may be. */
function clientType({ chip }: PlainSketch): string {
  return chip === 'esp8266' ? 'BearSSL::WiFiClientSecure' : 'WiFiClientSecure';
}

/** What `file` needs and has not; the certificates are beside `main`. */
function includeLines(file: SourceFile, main: SourceFile): string[] {
  const folder = folderOf(main.path);
  const up = folderOf(file.path).replace(/[^/]+\//g, '../');
  const way = folderOf(file.path) === folder ? '' : up + folder;
  const wanted = ['<WiFiClientSecure.h>', `"${way}certificates.h"`, `"${way}secrets.h"`];
  return wanted.map((name) => `#include ${name}`).filter((line) => !file.text.includes(line));
}

function setUpLines({ chip, client, mqtt, needsBuffer }: PlainSketch, names: ConstantNames): string[] {
  const esp32 = [
    `${client}.setCACert(${names.ca});`,
    `${client}.setCertificate(${names.certificate});`,
    `${client}.setPrivateKey(${names.key});`,
  ];
  const esp8266 = [
    `static BearSSL::X509List trustAnchors(${names.ca});`,
    `static BearSSL::X509List deviceCertificate(${names.certificate});`,
    `static BearSSL::PrivateKey deviceKey(${names.key});`,
    'configTime(0, 0, "pool.ntp.org");',
    `${client}.setTrustAnchors(&trustAnchors);`,
    `if (deviceKey.isEC()) ${client}.setClientECCert(&deviceCertificate, &deviceKey, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);`,
    `else ${client}.setClientRSACert(&deviceCertificate, &deviceKey);`,
  ];
  const both = ['#ifdef ESP8266', ...esp8266, '#else', ...esp32, '#endif'];
  const lines = { esp32, esp8266, both }[chip];
  return !needsBuffer ? lines : [...lines, `${mqtt}.setBufferSize(1024);`];
}

/** Before the statement that sets the server; where there is none, at the head of setup(). */
function setUpEdit(files: readonly SourceFile[], { setServer }: PlainSketch, lines: readonly string[]): FileEdit {
  if (!setServer) {
    for (const file of files.filter(({ path }) => /\.(ino|cpp)$/i.test(path))) {
      const at = functionBody(file.text, 'setup');
      if (at !== undefined) return insertLines(file, at, lines);
    }
  }
  const file = files.find(({ path }) => path === setServer?.at.file);
  const at = file && setServer && statementStart(file.text, setServer.at.start - setServer.objectLength);
  if (file && at !== undefined) return insertLines(file, at, lines);
  throw new UserError(
    'sketch-not-plain',
    setServer
      ? `This sketch cannot be changed by itself: there is no place before ${setServer.name}() where the certificates could be set. Put ${setServer.name}() on a line of its own.`
      : 'This sketch cannot be changed by itself: it has no setup() in which the certificates could be set.',
  );
}

/** BearSSL compares dates, so each connect() waits for the time; where it cannot stand, a note says so. */
function waitEdits(files: readonly SourceFile[], { connects, chip }: PlainSketch): FileEdit[] {
  const wait = 'while (time(nullptr) < 1600000000) delay(100);  // BearSSL compares the dates of certificates';
  const lines = chip === 'both' ? ['#ifdef ESP8266', wait, '#endif'] : [wait];
  const places = new Map<string, FileEdit>();
  for (const call of connects) {
    const file = files.find(({ path }) => path === call.at.file);
    const at = file && statementStart(file.text, call.at.start - call.objectLength);
    if (file && at !== undefined) places.set(`${file.path} ${at}`, insertLines(file, at, lines));
  }
  return [...places.values()];
}

function notes(sketch: PlainSketch, files: readonly SourceFile[], waits: number): string[] {
  const found: string[] = [];
  if (sketch.ports.length + sketch.missingPorts.length === 0)
    found.push('No port 1883 was found: set the TLS port (8883) where the server is set.');
  if (files.some(({ text }) => /\b(ssid|pass(word)?|psk)\b[^;\n]*=\s*"[^"]+"/i.test(text))) {
    found.push('The Wi-Fi password is still in a file that git takes: move it to secrets.h.');
  }
  if (sketch.chip !== 'esp32' && waits < sketch.connects.length)
    found.push('BearSSL needs the time: connect only once time(nullptr) is set (NTP).');
  found.push('The host must be a name in the broker certificate, spelled the same.');
  return found;
}

/** Whole lines before what stands at `at`, indented like its line, with the file's line ends. */
function insertLines({ path, text }: SourceFile, at: number, lines: readonly string[]): FileEdit {
  const edit = (start: number, newText: string): FileEdit => ({ file: path, start, end: start, newText });
  if (lines.length === 0) return edit(at, '');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lineAt = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineAt))?.[0] ?? '';
  const written = (space: string): string =>
    lines.map((line) => (line.startsWith('#') ? line : space + line)).join(eol);
  if (at <= lineAt + indent.length) return edit(lineAt, written(indent) + eol);
  // In the middle of a line: behind the brace of a function.
  const endsLine = /^[ \t]*\r?\n/.test(text.slice(at));
  return edit(at, `${eol}${written(`${indent}  `)}${endsLine ? '' : `${eol}${indent}  `}`);
}
