// The chips that can be flashed: names, image ids, where the bootloader lies, how to enter download mode by hand.
// Ids: esp_chip_id_t of ESP-IDF (components/bootloader_support/include/esp_app_format.h); offsets: esptool's targets.

export interface Chip {
  /** As esptool names it: `ESP32-C3`. */
  readonly name: string;
  /** As build systems name it: `esp32c3`. */
  readonly target: string;
  /** Chip id in an image's header. The ESP8266 has none. */
  readonly imageId?: number;
  /** Where the second-stage bootloader lies in flash; for the ESP8266, where the ROM looks for the application. */
  readonly bootloaderOffset: number;
  /** The GPIO that must be low at reset for download mode, as the data sheets number it. */
  readonly bootPin: number;
  /** What another pin must be for that, in a sentence (esptool's documentation, "Boot Mode Selection"). */
  readonly otherPin?: string;
}

const GPIO8_HIGH = { otherPin: 'GPIO8 must be high then.' };
const GPIO46_LOW = { otherPin: 'GPIO46 must be low or unconnected then.' };

const CHIPS: readonly Chip[] = [
  {
    name: 'ESP8266',
    target: 'esp8266',
    bootloaderOffset: 0,
    bootPin: 0,
    otherPin: 'GPIO15 must be low and GPIO2 high or unconnected then.',
  },
  {
    name: 'ESP32',
    target: 'esp32',
    imageId: 0,
    bootloaderOffset: 0x1000,
    bootPin: 0,
    otherPin: 'GPIO2 must be low or unconnected then.',
  },
  { name: 'ESP32-S2', target: 'esp32s2', imageId: 2, bootloaderOffset: 0x1000, bootPin: 0, ...GPIO46_LOW },
  { name: 'ESP32-C3', target: 'esp32c3', imageId: 5, bootloaderOffset: 0, bootPin: 9, ...GPIO8_HIGH },
  { name: 'ESP32-S3', target: 'esp32s3', imageId: 9, bootloaderOffset: 0, bootPin: 0, ...GPIO46_LOW },
  { name: 'ESP32-C2', target: 'esp32c2', imageId: 12, bootloaderOffset: 0, bootPin: 9 },
  { name: 'ESP32-C6', target: 'esp32c6', imageId: 13, bootloaderOffset: 0, bootPin: 9, ...GPIO8_HIGH },
  { name: 'ESP32-H2', target: 'esp32h2', imageId: 16, bootloaderOffset: 0, bootPin: 9 },
  { name: 'ESP32-P4', target: 'esp32p4', imageId: 18, bootloaderOffset: 0x2000, bootPin: 35 },
  { name: 'ESP32-C61', target: 'esp32c61', imageId: 20, bootloaderOffset: 0, bootPin: 9 },
  { name: 'ESP32-C5', target: 'esp32c5', imageId: 23, bootloaderOffset: 0x2000, bootPin: 28 },
];

/** Takes `ESP32-C3`, `esp32c3` and `esp32-c3` alike. */
export function chipByName(name: string): Chip | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return CHIPS.find((chip) => chip.target === plain);
}

export function chipByImageId(imageId: number): Chip | undefined {
  return CHIPS.find((chip) => chip.imageId === imageId);
}

/** The chip whose ROM printed this boot log; undefined where none of its banners is in it. */
export function chipInBootLog(text: string): Chip | undefined {
  const rom = /ESP-ROM:(esp\d+(?:[a-z]\d+)?)/.exec(text)?.[1];
  if (rom) return chipByName(rom === 'esp8684' ? 'esp32c2' : rom); // the C2's name before it had one
  if (/\bets Jan +8 201[34]/.test(text)) return chipByName('esp8266');
  return /\bets (?:Jun|Jul) +\d+ 20(?:16|19)/.test(text) ? chipByName('esp32') : undefined;
}

export interface SilentBoard {
  readonly chip?: Chip | undefined;
  /** The USB plug leads to the chip itself, not to an adapter. */
  readonly nativeUsb?: boolean;
}

/** What to hold and press to get a silent board into download mode. Without a chip, for the common boards. */
export function downloadModeAdvice({ chip, nativeUsb = false }: SilentBoard = {}): string {
  const pin = chip ? `GPIO${chip.bootPin}` : 'GPIO0 (GPIO9 on ESP32-C2, C3, C6, H2; GPIO28 on C5; GPIO35 on P4)';
  const usb = nativeUsb
    ? ' The USB plug leads to the chip itself, and a program may switch that off or use it for itself; in download mode it is back, perhaps under another name. After flashing press RESET.'
    : '';
  const other = chip?.otherPin ? ` ${chip.otherPin}` : '';
  return `Hold the BOOT button (FLASH on some boards), press and release RESET (EN), let BOOT go, then try again. Without buttons: connect ${pin} to GND while the board resets.${other}${usb}`;
}
