// Writes a small Arduino sketch project for tests, the way people do.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './temporaryFolder';

export interface SketchValues {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
}

/** Contents by path. Keys and certificates as raw literals, like our template. */
export function sketchFiles(values: SketchValues): Record<string, string> {
  const raw = (pem: string): string => `R"PEM(\n${pem.trim()}\n)PEM"`;
  const pair = values.cert !== undefined && values.key !== undefined;
  return {
    'demo.ino': `#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <PubSubClient.h>
#include "config.h"
#include "certificates.h"
#include "secrets.h"

WiFiClientSecure tls;
PubSubClient mqtt(tls);

void setup() {
  // tls.setInsecure();  in a comment: does not count
  ${values.insecure ? 'tls.setInsecure();\n  ' : ''}tls.setCACert(ROOT_CA);  // the workshop's CA
${pair ? '  tls.setCertificate(DEVICE_CERT);\n  tls.setPrivateKey(DEVICE_KEY);\n' : ''}  mqtt.setServer(MQTT_HOST, MQTT_PORT);
}

void loop() { mqtt.loop(); }
`,
    'config.h': `#pragma once\n#define MQTT_HOST "${values.host}"\n#define MQTT_PORT ${values.port}\n#define DEVICE_ID "esp32-device-001"\n`,
    'certificates.h': `#pragma once\n\nstatic const char ROOT_CA[] PROGMEM = ${raw(values.ca)};\n${pair ? `static const char DEVICE_CERT[] PROGMEM = ${raw(values.cert ?? '')};\n` : ''}`,
    'secrets.h': `#pragma once\n#define WIFI_SSID "x"\n${pair ? `static const char DEVICE_KEY[] PROGMEM = ${raw(values.key ?? '')};\n` : ''}`,
    'sketch.yaml':
      'default_fqbn: esp32:esp32:esp32\nprofiles:\n  a:\n    fqbn: esp32:esp32:esp32\n    platforms:\n      - platform: esp32:esp32 (2.0.17)\n',
  };
}

export async function writeFiles(files: Readonly<Record<string, string>>, folder?: string): Promise<string> {
  const target = folder ?? temporaryFolder('sketch');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), text, { mode: 0o600 });
  }
  return target;
}
