// The boards that templates are made for, with the names that each build tool gives them.

export interface BoardKind {
  readonly id: string;
  readonly title: string;
  readonly chip: 'esp32' | 'esp8266';
  /** arduino-cli's fully qualified board name. */
  readonly fqbn: string;
  /** PlatformIO's `board`. */
  readonly platformio: string;
  /** ESP-IDF's `IDF_TARGET`; the ESP8266 has none. */
  readonly idfTarget?: string;
  /** Its USB pins belong to the chip: `Serial` may be there or at the UART. */
  readonly nativeUsb?: true;
}

const BOARDS: readonly BoardKind[] = [
  esp32('esp32', 'ESP32', 'esp32dev'),
  esp32('esp32s2', 'ESP32-S2', 'esp32-s2-saola-1', true),
  esp32('esp32s3', 'ESP32-S3', 'esp32-s3-devkitc-1', true),
  esp32('esp32c3', 'ESP32-C3', 'esp32-c3-devkitm-1', true),
  esp32('esp32c6', 'ESP32-C6', 'esp32-c6-devkitc-1', true),
  { id: 'esp8266', title: 'ESP8266', chip: 'esp8266', fqbn: 'esp8266:esp8266:nodemcuv2', platformio: 'nodemcuv2' },
];

function esp32(id: string, title: string, platformio: string, nativeUsb?: true): BoardKind {
  const usb = nativeUsb ? { nativeUsb } : {};
  return { id, title, chip: 'esp32', fqbn: `esp32:esp32:${id}`, platformio, idfTarget: id, ...usb };
}

export function findBoardKind(id: string): BoardKind | undefined {
  return BOARDS.find((board) => board.id === id);
}
