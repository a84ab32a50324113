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
  /** The longest RSA key that its TLS computes with, as the cores and ESP-IDF come. */
  readonly largestRsaBits: number;
  /** GPIOs that a sensor's data line can be on: they exist, can drive, and are not the flash's (the chips' datasheets). */
  readonly pins: readonly (readonly [first: number, last: number])[];
  /** Its USB pins belong to the chip: `Serial` may be there or at the UART. */
  readonly nativeUsb?: true;
}

const SOFTWARE_RSA: readonly string[] = ['esp32c3', 'esp32c6'];

const BOARDS: readonly BoardKind[] = [
  // 6 to 11 are the flash, 20, 24 and 28 to 31 do not exist, 34 to 39 only read.
  esp32('esp32', 'ESP32', 'esp32dev', [
    [0, 5],
    [12, 19],
    [21, 23],
    [25, 27],
    [32, 33],
  ]),
  // 22 to 25 do not exist, 26 to 32 are flash and PSRAM, 46 only reads.
  esp32(
    'esp32s2',
    'ESP32-S2',
    'esp32-s2-saola-1',
    [
      [0, 21],
      [33, 45],
    ],
    true,
  ),
  // 22 to 25 do not exist, 26 to 32 are flash and PSRAM.
  esp32(
    'esp32s3',
    'ESP32-S3',
    'esp32-s3-devkitc-1',
    [
      [0, 21],
      [33, 48],
    ],
    true,
  ),
  // 11 supplies the flash, 12 to 17 are the flash.
  esp32(
    'esp32c3',
    'ESP32-C3',
    'esp32-c3-devkitm-1',
    [
      [0, 10],
      [18, 21],
    ],
    true,
  ),
  // 24 to 30 are the flash.
  esp32('esp32c6', 'ESP32-C6', 'esp32-c6-devkitc-1', [[0, 23]], true),
  {
    ...{ id: 'esp8266', title: 'ESP8266', chip: 'esp8266', fqbn: 'esp8266:esp8266:nodemcuv2', platformio: 'nodemcuv2' },
    largestRsaBits: 4096, // BR_MAX_RSA_SIZE of BearSSL (inner.h)
    pins: [
      [0, 5],
      [12, 16],
    ], // 6 to 11 are the flash
  },
];

function esp32(id: string, title: string, platformio: string, pins: BoardKind['pins'], nativeUsb?: true): BoardKind {
  const usb = nativeUsb ? { nativeUsb } : {};
  // The unit for big numbers ends at 4096 bits (SOC_RSA_MAX_BIT_LEN) and has no software behind it; where it ends at 3072
  // ESP-IDF sets MBEDTLS_LARGE_KEY_SOFTWARE_MPI, and MBEDTLS_MPI_MAX_SIZE of 1024 bytes is the limit.
  const largestRsaBits = SOFTWARE_RSA.includes(id) ? 8192 : 4096;
  const names = { id, title, fqbn: `esp32:esp32:${id}`, platformio, idfTarget: id };
  return { ...names, chip: 'esp32', largestRsaBits, pins, ...usb };
}

/** The reason why `pin` is no pin for a sensor or button on `board`, or undefined where it is one. */
export function refusePin({ pins, title }: BoardKind, pin: number): string | undefined {
  if (pins.some(([first, last]) => pin >= first && pin <= last)) return undefined;
  const known = pins.map(([first, last]) => `${first} to ${last}`).join(', ');
  return `on the ${title} GPIO ${pin} does not exist, belongs to the flash, or only reads; take one of ${known}`;
}

export function findBoardKind(id: string): BoardKind | undefined {
  return BOARDS.find((board) => board.id === id);
}
