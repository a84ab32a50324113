// Logs as boards print them, for benches: quiet, or with an error every so many lines.

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

/** About `bytes` bytes, in chunks of `chunk`. Every `errorEvery`th line is an error; 0: none. */
export function serialLog(bytes: number, errorEvery: number, chunk = 65_536): Uint8Array[] {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = '';
  let size = 0;
  for (let i = 0; size < bytes; i += 1) {
    const isError = errorEvery > 0 && i % errorEvery === 0;
    const kind = isError ? ERRORS : QUIET;
    const line = kind[Math.floor(i / (isError ? errorEvery : 1)) % kind.length] ?? '';
    text += `${line.replaceAll('%t', String(1000 + i * 37))}\r\n`;
    if (text.length <= chunk) continue;
    chunks.push(encoder.encode(text));
    size += text.length;
    text = '';
  }
  return chunks;
}
