// USB ids of the bridges and chips found on ESP boards, by name.
// Sources: Espressif's usb-pids list (github.com/espressif/usb-pids) for 303a, the Linux drivers' id tables for bridges.

/** Espressif's own USB vendor id. */
export const ESPRESSIF_VENDOR_ID = 0x303a;

const NAMES: Readonly<Record<string, string>> = {
  '10c4:ea60': 'CP210x USB bridge',
  '10c4:ea70': 'CP2105 USB bridge',
  '10c4:ea71': 'CP2108 USB bridge',
  '1a86:7523': 'CH340 USB bridge',
  '1a86:5523': 'CH341 USB bridge',
  '1a86:55d3': 'CH343 USB bridge',
  '1a86:55d4': 'CH9102 USB bridge',
  '0403:6001': 'FT232R USB bridge',
  '0403:6010': 'FT2232 USB bridge (ESP-PROG)',
  '0403:6014': 'FT232H USB bridge',
  '0403:6015': 'FT231X USB bridge',
  '067b:2303': 'PL2303 USB bridge',
  '303a:0002': 'ESP32-S2 USB',
  '303a:0009': 'ESP32-S3 USB (download mode)',
  '303a:1001': 'ESP32 USB Serial/JTAG',
};

/** The name of a USB device that carries a board, or undefined where it is none that we know. */
export function usbName(vendorId: number, productId: number): string | undefined {
  const hex = (n: number) => n.toString(16).padStart(4, '0');
  const known = NAMES[`${hex(vendorId)}:${hex(productId)}`];
  return known ?? (vendorId === ESPRESSIF_VENDOR_ID ? 'ESP board (native USB)' : undefined);
}
