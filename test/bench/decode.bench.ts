// Decoding against splitting the same bytes into lines: a quiet log, and one with an error in every fifth line.
import { LogDecoder } from '../../src/core/decode/logDecoder';
import { LineSplitter } from '../../src/core/serial/lineSplitter';
import { paired, report } from './support/ratio';

const QUIET = [
  'I (%t) wifi:mode : sta (30:ae:a4:07:0d:64)',
  'I (%t) heap: free 143212 bytes, largest block 110580',
  '[%t][I][main.cpp:142] loop(): temperature 21.4 C, humidity 48.2 %, battery 4.02 V',
  "[12:04:11][D][sensor:094]: 'Living Room Temperature': Sending state 21.40000 °C with 1 decimals of accuracy",
  '\u001b[0;32mI (%t) MQTT_EXAMPLE: sent publish successful, msg_id=25868\u001b[0m',
  'D (%t) app: published to devices/esp32-1/telemetry: {"t":21.4,"h":48.2,"n":%t}',
];
const ERRORS = [
  'E (%t) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700',
  'E (%t) mqtt_client: mqtt_message_receive: transport_read() error: errno=128',
  '[%t][E][ssl_client.cpp:37] _handle_error(): [data_to_read():361]: (-76) UNKNOWN ERROR CODE (004C)',
  'Attempting MQTT connection...failed, rc=-2 try again in 5 seconds',
  '[%t][W][WiFiGeneric.cpp:1062] _eventCallback(): Reason: 201 - NO_AP_FOUND',
];

function log(bytes: number, errorEvery: number): Uint8Array[] {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = '';
  let size = 0;
  for (let i = 0; size < bytes; i += 1) {
    const kind = errorEvery && i % errorEvery === 0 ? ERRORS : QUIET;
    text += `${(kind[Math.floor(i / (errorEvery && i % errorEvery === 0 ? errorEvery : 1)) % kind.length] ?? '').replaceAll('%t', String(1000 + i * 37))}\r\n`;
    if (text.length > 65_536) {
      chunks.push(encoder.encode(text));
      size += text.length;
      text = '';
    }
  }
  return chunks;
}

function split(chunks: readonly Uint8Array[]): number {
  const splitter = new LineSplitter();
  let lines = 0;
  for (const chunk of chunks) lines += splitter.push(chunk).length;
  return lines + splitter.end().length;
}

function decode(chunks: readonly Uint8Array[]): number {
  let found = 0;
  const decoder = new LogDecoder({}, { onFinding: () => (found += 1) });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return found;
}

/** Processor time, so that what else the machine does counts less. */
function time(work: () => number): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

async function main(): Promise<void> {
  for (const [name, errorEvery, aim] of [
    ['quiet log', 0, '0.33 or more'],
    ['log with an error in every fifth line', 5, '0.10 or more'],
  ] as const) {
    const chunks = log(16 * 1024 * 1024, errorEvery);
    // times, so that "ours / peer" is the speed of decoding as a part of the speed of splitting
    const result = await paired(
      9,
      () => time(() => split(chunks)),
      () => time(() => decode(chunks)),
    );
    report(`decode, ${name}, as a part of the speed of splitting lines`, result, aim);
  }
}

void main();
