// Turns a plain PubSubClient sketch into one with mutual TLS, as edits that a person reviews.
import { pemLiteral } from '../diagnose/pemLiteral';
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import { type PlainSketch, readPlainSketch } from './plainSketch';

export interface SketchIdentity {
  readonly ca: string;
  readonly device: string;
  /** A secret. */
  readonly deviceKey: string;
}

export interface SecuredSketch {
  readonly edits: readonly FileEdit[];
  /** What is left for the person. */
  readonly notes: readonly string[];
}

/** Throws what readPlainSketch throws. */
export function secureSketch(files: readonly SourceFile[], identity: SketchIdentity): SecuredSketch {
  const sketch = readPlainSketch(files);
  const { main, client, setServer } = sketch;
  const serverFile = files.find(({ path }) => path === setServer.at.file) ?? main;
  const edits: FileEdit[] = [];
  const type = sketch.esp8266 ? 'BearSSL::WiFiClientSecure' : 'WiFiClientSecure';
  edits.push({ file: main.path, start: client.start, end: client.end, newText: type });
  edits.push(insertLines(main, afterIncludes(main.text), includeLines(sketch, files)));
  edits.push(insertLines(serverFile, lineStart(serverFile.text, setServer.at.start), setUpLines(sketch)));
  const { port } = sketch;
  if (port) edits.push({ file: port.file, start: port.start, end: port.end, newText: '8883' });
  for (const call of sketch.esp8266 ? sketch.connects : []) {
    const file = files.find(({ path }) => path === call.at.file);
    const wait = 'while (time(nullptr) < 1600000000) delay(100);  // BearSSL compares the dates of certificates';
    const start = file && lineStart(file.text, call.at.start);
    // Not in front of an `else`, and not into the middle of a line: there a person has to do it (see notes).
    if (file && start !== undefined && !/else|[;{}]/.test(file.text.slice(start, call.at.start))) {
      edits.push(insertLines(file, start, [wait]));
    }
  }
  edits.push(newFile(files, main, 'certificates.h', certificates(identity)));
  edits.push(newFile(files, main, 'secrets.h', constant('DEVICE_KEY', identity.deviceKey)));
  return { edits, notes: notes(sketch, files) };
}

function includeLines(sketch: PlainSketch, files: readonly SourceFile[]): string[] {
  const wanted = ['<WiFiClientSecure.h>', '"certificates.h"', '"secrets.h"'];
  return wanted.map((name) => `#include ${name}`).filter((line) => !includes(files, sketch.main, line));
}

function includes(files: readonly SourceFile[], main: SourceFile, line: string): boolean {
  return files.some(({ path, text }) => path === main.path && text.includes(line));
}

function setUpLines({ esp8266, client, mqtt, setsBuffer }: PlainSketch): string[] {
  const tls = client.name;
  const lines = esp8266
    ? [
        'static BearSSL::X509List trustAnchors(ROOT_CA);',
        'static BearSSL::X509List deviceCertificate(DEVICE_CERT);',
        'static BearSSL::PrivateKey deviceKey(DEVICE_KEY);',
        'configTime(0, 0, "pool.ntp.org");',
        `${tls}.setTrustAnchors(&trustAnchors);`,
        `if (deviceKey.isEC()) ${tls}.setClientECCert(&deviceCertificate, &deviceKey, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);`,
        `else ${tls}.setClientRSACert(&deviceCertificate, &deviceKey);`,
      ]
    : [`${tls}.setCACert(ROOT_CA);`, `${tls}.setCertificate(DEVICE_CERT);`, `${tls}.setPrivateKey(DEVICE_KEY);`];
  return setsBuffer ? lines : [...lines, `${mqtt}.setBufferSize(1024);`];
}

function notes(sketch: PlainSketch, files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  if (!sketch.port) found.push('No port 1883 was found: set the TLS port (8883) where the server is set.');
  if (files.some(({ text }) => /\b(ssid|pass(word)?|psk)\b[^;\n]*=\s*"[^"]+"/i.test(text))) {
    found.push('The Wi-Fi password is still in a file that git takes: move it to secrets.h.');
  }
  if (sketch.esp8266) found.push('BearSSL needs the time: connect only once time(nullptr) is set (NTP).');
  found.push('The host must be a name in the broker certificate, spelled the same.');
  return found;
}

function certificates({ ca, device }: SketchIdentity): string {
  return `${constant('ROOT_CA', ca)}\n${constant('DEVICE_CERT', device)}`;
}

function constant(name: string, pem: string): string {
  return `static const char ${name}[] PROGMEM = ${pemLiteral(pem, 'raw')};\n`;
}

/** Beside the main file; added to a file that is there. */
function newFile(files: readonly SourceFile[], main: SourceFile, name: string, text: string): FileEdit {
  const folder = main.path.slice(0, main.path.lastIndexOf('/') + 1);
  const existing = files.find(({ path }) => path === folder + name);
  if (!existing) {
    return {
      file: folder + name,
      start: 0,
      end: 0,
      newText: `#pragma once\n#include <Arduino.h>\n\n${text}`,
      create: true,
    };
  }
  const end = existing.text.length;
  return { file: existing.path, start: end, end, newText: `${existing.text.endsWith('\n') ? '' : '\n'}\n${text}` };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Whole lines at `at`, indented as the line that is there. */
function insertLines(file: SourceFile, at: number, lines: readonly string[]): FileEdit {
  const indent = /^[ \t]*/.exec(file.text.slice(at))?.[0] ?? '';
  return { file: file.path, start: at, end: at, newText: lines.map((line) => `${indent}${line}\n`).join('') };
}

function afterIncludes(text: string): number {
  let at = 0;
  for (const match of text.matchAll(/^[ \t]*#include[^\n]*(?:\n|$)/gm)) at = match.index + match[0].length;
  return at;
}
