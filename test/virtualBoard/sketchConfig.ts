// Reads what a generated Arduino sketch would connect with: config.h, certificates.h, secrets.h and its .ino.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoConfig } from './demoConfig';

export async function readSketch(folder: string): Promise<DemoConfig> {
  const names = (await readdir(folder)).filter((name) => /\.(ino|h|cpp)$/.test(name) && !name.includes('.example.'));
  const sources = await Promise.all(names.sort().map((name) => readFile(join(folder, name), 'utf8')));
  const text = sources.map(withoutComments).join('\n');
  const deviceId = value(text, 'DEVICE_ID') ?? 'virtual-board';
  const topic = value(text, 'TOPIC_TELEMETRY') ?? value(text, 'MQTT_TOPIC') ?? value(text, 'TELEMETRY_TOPIC');
  const preferences = /\bPreferences\b[\s\S]*?\.begin\(\s*"([^"]{1,15})"/.exec(text)?.[1];
  const nvsNamespace = /\bROOT_CA\b/.test(text) ? undefined : preferences;
  return {
    host: value(text, 'MQTT_HOST') ?? '127.0.0.1',
    port: Number(value(text, 'MQTT_PORT') ?? 8883),
    deviceId,
    ca: value(text, 'ROOT_CA') ?? null,
    cert: value(text, 'DEVICE_CERT') ?? null,
    key: value(text, 'DEVICE_KEY') ?? null,
    insecure: /\bsetInsecure\s*\(/.test(text),
    platform: 'arduino-esp32',
    ...(topic ? { topic } : {}),
    ...(nvsNamespace ? { nvsNamespace } : {}),
  };
}

/** A `#define`d or assigned constant: a raw string, concatenated strings, or a number. */
function value(text: string, name: string): string | undefined {
  const definition = new RegExp(`\\b${name}\\b(?:\\s*\\[\\s*\\])?(?:\\s+PROGMEM)?\\s*=?\\s*`, 'g');
  for (const match of text.matchAll(definition)) {
    const rest = text.slice(match.index + match[0].length);
    const raw = /^R"([^(\s]*)\(/.exec(rest);
    if (raw) {
      const end = rest.indexOf(`)${raw[1]}"`);
      if (end > 0) return rest.slice(raw[0].length, end).trim().concat('\n');
    }
    const strings = /^(?:"(?:[^"\\\n]|\\.)*"(?:\s|\\\n)*)+/.exec(rest)?.[0];
    if (strings) return [...strings.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map((m) => unescapeText(m[1] ?? '')).join('');
    const number = /^\d+/.exec(rest)?.[0];
    if (number) return number;
  }
  return undefined;
}

function unescapeText(text: string): string {
  return text
    .replace(/\\n/g, '\n')
    .replace(/\\r/g, '\r')
    .replace(/\\(["\\])/g, '$1');
}

/** Comments out, strings untouched (a PEM has slashes). */
function withoutComments(text: string): string {
  return text.replace(/R"([^(\s]*)\([\s\S]*?\)\1"|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('/') ? ' ' : found,
  );
}
