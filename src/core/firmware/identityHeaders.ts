// The headers that bring a device's identity into sources: certificates.h for git, secrets.h not for git.
import { pemLiteral } from '../diagnose/pemLiteral';
import type { SourceFile } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';

export interface SketchIdentity {
  readonly ca: string;
  readonly device: string;
  /** A secret. */
  readonly deviceKey: string;
}

export interface ConstantNames {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Names that the sources do not use for something else. */
export function constantNames(words: ReadonlySet<string>): ConstantNames {
  const free = (name: string): string => (words.has(name) ? free(`MQTT_${name}`) : name);
  return { ca: free('ROOT_CA'), certificate: free('DEVICE_CERT'), key: free('DEVICE_KEY') };
}

/** With the slash at its end; empty for the project's own. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Both headers beside `main`, in the language of the framework: Arduino is C++, ESP-IDF may be C. */
export function identityHeaders(
  files: readonly SourceFile[],
  main: string,
  names: ConstantNames,
  identity: SketchIdentity,
  framework: 'arduino' | 'esp-idf',
): FileEdit[] {
  const constant = (name: string, pem: string): string =>
    framework === 'arduino'
      ? `static const char ${name}[] PROGMEM = ${pemLiteral(pem, 'raw')};\n`
      : `static const char ${name}[] =${pemLiteral(pem, 'lines')};\n`;
  const head = framework === 'arduino' ? '#pragma once\n#include <Arduino.h>\n\n' : '#pragma once\n\n';
  const certificates = `${constant(names.ca, identity.ca)}\n${constant(names.certificate, identity.device)}`;
  return [
    header(files, `${folderOf(main)}certificates.h`, head, certificates),
    header(files, `${folderOf(main)}secrets.h`, head, constant(names.key, identity.deviceKey)),
  ];
}

/** A new file, or more at the end of one that is there. */
function header(files: readonly SourceFile[], path: string, head: string, text: string): FileEdit {
  const existing = files.find((file) => file.path === path);
  if (!existing) return { file: path, start: 0, end: 0, newText: head + text, create: true };
  const end = existing.text.length;
  return { file: path, start: end, end, newText: `${existing.text.endsWith('\n') ? '' : '\n'}\n${text}` };
}
