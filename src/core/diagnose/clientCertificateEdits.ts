// Edits that give a sketch its client certificate and key: the pair as constants, the key in a file git does not take.
import { pemLiteral, replacePem } from './pemLiteral';
import type { ProjectFacts } from './projectFacts';
import type { SourceFile } from './sourceSymbols';
import type { FileEdit } from './verdict';

export interface ClientIdentity {
  readonly certificate: string;
  /** PKCS#8 PEM, not encrypted: a secret. */
  readonly key: string;
}

const CERTIFICATE_NAME = 'DEVICE_CERT';
const KEY_NAME = 'DEVICE_KEY';
const SECRETS = 'secrets.h';

/**
 * Replaces a pair that is there; else writes constants and the two calls after the client's set-up. Undefined when the
 * sources are not an Arduino sketch whose TLS client was found: then a person has to do it.
 */
export function clientCertificateEdits(
  project: ProjectFacts,
  files: readonly SourceFile[],
  identity: ClientIdentity,
): FileEdit[] | undefined {
  const edits: FileEdit[] = [];
  const { clientCertificate, clientKey, client } = project;
  if (clientCertificate) edits.push(replacePem(clientCertificate, identity.certificate));
  if (clientKey) edits.push(replacePem(clientKey, identity.key));
  if (clientCertificate && clientKey && isSet(files, client?.name)) return edits;
  const main = client && files.find(({ path }) => path === client.after.file);
  if (!client || !main || project.stack.framework !== 'arduino') return undefined;
  if (!clientCertificate)
    edits.push(...constant(files, main, 'certificates.h', CERTIFICATE_NAME, identity.certificate));
  if (!clientKey) edits.push(...constant(files, main, SECRETS, KEY_NAME, identity.key));
  const bearssl = project.stack.candidates.every((stack) => stack === 'bearssl');
  const certificateName = clientCertificate?.name ?? CERTIFICATE_NAME;
  const keyName = clientKey?.name ?? KEY_NAME;
  const at = endOfStatement(main.text, client.after.end);
  const indent = /^[ \t]*/.exec(main.text.slice(main.text.lastIndexOf('\n', client.after.start) + 1))?.[0] ?? '';
  const lines = bearssl
    ? [
        `static BearSSL::X509List deviceCertificate(${certificateName});`,
        `static BearSSL::PrivateKey deviceKey(${keyName});`,
        `${client.name}.setClientECCert(&deviceCertificate, &deviceKey, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);`,
      ]
    : [`${client.name}.setCertificate(${certificateName});`, `${client.name}.setPrivateKey(${keyName});`];
  edits.push(insert(main.path, at, lines.map((line) => `\n${indent}${line}`).join('')));
  return edits;
}

/** The pair is not only there but handed to the client. */
function isSet(files: readonly SourceFile[], client: string | undefined): boolean {
  if (client === undefined) return true;
  return files.some(({ text }) => text.includes(`${client}.setCertificate(`) || text.includes(`${client}.setClient`));
}

function insert(file: string, at: number, newText: string): FileEdit {
  return { file, start: at, end: at, newText };
}

/** After the `;` that ends the statement at `from`, and what follows it in its line as a comment. */
function endOfStatement(text: string, from: number): number {
  const semicolon = text.indexOf(';', from);
  if (semicolon < 0) return from;
  const rest = /^[ \t]*\/\/[^\n]*/.exec(text.slice(semicolon + 1))?.[0] ?? '';
  return semicolon + 1 + rest.length;
}

/** Into `header` beside the sketch when it is there and included; else the header is made and included. */
function constant(
  files: readonly SourceFile[],
  main: SourceFile,
  header: string,
  name: string,
  pem: string,
): FileEdit[] {
  const folder = main.path.includes('/') ? main.path.slice(0, main.path.lastIndexOf('/') + 1) : '';
  const path = `${folder}${header}`;
  const declaration = `static const char ${name}[] PROGMEM = ${pemLiteral(pem, 'raw')};\n`;
  const existing = files.find((file) => file.path === path);
  const edits = existing
    ? [insert(path, existing.text.length, `${existing.text.endsWith('\n') ? '' : '\n'}\n${declaration}`)]
    : [{ ...insert(path, 0, `#pragma once\n#include <Arduino.h>\n\n${declaration}`), create: true as const }];
  const isIncluded = files.some(({ text }) => text.includes(`#include "${header}"`));
  return isIncluded ? edits : [...edits, insert(main.path, afterIncludes(main.text), `#include "${header}"\n`)];
}

function afterIncludes(text: string): number {
  let at = 0;
  for (const match of text.matchAll(/^[ \t]*#include[^\n]*\n/gm)) at = match.index + match[0].length;
  return at;
}

/** Files that must be in .gitignore before the edits are written. */
export function secretFiles(edits: readonly FileEdit[]): string[] {
  return edits
    .filter(({ newText }) => newText.includes('PRIVATE KEY-----'))
    .map(({ file }) => file)
    .filter((file, i, all) => all.indexOf(file) === i);
}
