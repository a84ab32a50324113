// Panics, resets and boot errors.
import type { Entry } from './entry';
import { entriesFrom, type PlainFix } from './plainEntry';
import { moreFlash, moreStack, poisonedHeap } from './repairs';

const FATAL = 'esp-idf docs api-guides/fatal-errors';
const HEAP = 'esp-idf docs api-reference/system/heap_debug';
const WDT = 'esp-idf docs api-reference/system/wdts';
const ROM = 'esp-idf components/esp_rom (rom/rtc.h); esptool docs, Boot Mode Selection';

const entry = (title: string, source: string, causes: readonly string[], fixes: readonly PlainFix[]): Entry =>
  entriesFrom(source)(title, causes, fixes);

const bootPin =
  'GPIO0 (GPIO9 on ESP32-C2, C3, C6 and H2, GPIO28 on C5, GPIO35 on P4; the BOOT button) was low at the reset.';
const backtrace = 'Resolve the backtrace to source lines: "secure-iot decode --elf firmware.elf".';
const pointer = entry(
  'The firmware used an address that is not memory.',
  FATAL,
  [
    'A null or dangling pointer; EXCVADDR near zero means a null pointer.',
    'A stack overflow or a buffer overrun that damaged a pointer.',
  ],
  [backtrace],
);
const watchdog = entry(
  'A watchdog reset the chip: the code did not come back in time.',
  WDT,
  ['A loop that never yields, or interrupts that stay off too long.'],
  ['Let long loops yield: delay(1) or vTaskDelay(1).', backtrace],
);
const stack = entry(
  'A task used more stack than it has.',
  FATAL,
  ['A TLS handshake in a small task, big local arrays, or deep calls.'],
  [moreStack, 'Print uxTaskGetStackHighWaterMark() of the task: how much of its stack was never used.'],
);
const flash = entry(
  'The ROM cannot read a firmware from the flash.',
  ROM,
  [
    'Nothing or something else is flashed at that address, or flash encryption makes it unreadable.',
    'The wrong flash mode, size or frequency, or bad wiring or power of the flash chip.',
  ],
  [
    'Erase the flash and write bootloader, partition table and app at their addresses.',
    'Try flash mode DIO at 40 MHz.',
  ],
);
const image = entry(
  'The app image in the flash is not a valid one.',
  'esp-idf components/bootloader_support/src/esp_image_format.c',
  ['An update was cut, or the image is for another chip or partition.'],
  ['Flash the app again, at the address of the partition table.'],
);

export const crashEntries: Readonly<Record<string, Entry>> = {
  LoadProhibited: pointer,
  StoreProhibited: pointer,
  LoadProhibitedCause: pointer,
  StoreProhibitedCause: pointer,
  LoadAccessFault: pointer,
  StoreAccessFault: pointer,
  InstrFetchProhibited: entry(
    'The firmware jumped to an address that holds no code.',
    FATAL,
    ['A function pointer that is null or damaged, or a damaged stack.'],
    [backtrace],
  ),
  StackOverflow: stack,
  StackCanary: stack,
  StackProtectionFault: {
    ...stack,
    causes: [
      {
        text: 'The task that the next line names went beyond its stack: a TLS handshake in a small task, big local arrays, or deep calls.',
        source: 'esp-idf components/esp_system/port/arch/riscv/panic_arch.c',
        evidence: /Detected in task "[^"]+" at 0x/,
      },
    ],
  },
  UnhandledDebugException: entry(
    'A debug exception: as a rule the watch point at the end of a stack.',
    FATAL,
    ['The next line says "Stack canary watchpoint triggered" and names the task.'],
    ['Give that task more stack.'],
  ),
  abort: entry(
    'The firmware called abort().',
    FATAL,
    ['A failed check (ESP_ERROR_CHECK, assert, an uncaught C++ exception): the line above says which.'],
    [backtrace],
  ),
  assert: entry(
    'An assertion of the firmware failed.',
    FATAL,
    ['The text names file, line and condition; in heap code it is memory that was damaged before.'],
    [backtrace],
  ),
  CORRUPT_HEAP: entry(
    'The heap is damaged: something wrote outside its block.',
    HEAP,
    ['A buffer overrun (bad tail), an underrun or a double free (bad head), some time before this line.'],
    [
      poisonedHeap,
      'Call heap_caps_check_integrity_all(true) in between: the damage lies before the first call that fails.',
    ],
  ),
  HeapAllocFailed: entry(
    'An allocation failed: the heap is too small or in pieces.',
    HEAP,
    ['Less free memory in one piece than was asked for; TLS asks for 16 kB and more at once.'],
    ['Print the largest free block; free what is not needed before connecting.'],
  ),
  TaskWatchdog: { ...watchdog, title: 'The task watchdog fired: the tasks named below did not run for seconds.' },
  InterruptWatchdog: {
    ...watchdog,
    title: 'The interrupt watchdog fired: interrupts were off, or an interrupt handler ran, for too long.',
  },
  Backtrace: entry('The calls that led to the crash, as addresses.', FATAL, [], [backtrace]),
  SOFT_WDT: {
    ...watchdog,
    title: 'The software watchdog of the ESP8266 fired: loop() did not return for about 3 seconds.',
  },
  HW_WDT: { ...watchdog, title: 'The hardware watchdog of the ESP8266 fired: about 8 seconds without yield.' },
  WDT: watchdog,
  Brownout: entry(
    'The supply voltage fell too low: the chip reset itself.',
    'esp-idf docs api-guides/fatal-errors (Brownout)',
    ['The radio takes up to half an ampere for a moment: a weak USB port, a thin cable, or a regulator that cannot.'],
    ['Use another cable or supply, and a capacitor of 100 µF or more near the board.'],
  ),
  FlashReadErr: flash,
  InvalidHeader: flash,
  CSUM_ERR: flash,
  NO_BOOTABLE_APP: image,
  ESP_IMAGE_INVALID_MAGIC: image,
  ESP_IMAGE_INVALID_SEGMENT: image,
  PARTITION_TABLE_INVALID: entry(
    'The bootloader finds no valid partition table.',
    'esp-idf components/bootloader_support/src/flash_partitions.c',
    ['None is flashed at 0x8000, it lies at another offset than the bootloader was built for, or it is damaged.'],
    ['Flash the partition table again; bootloader, table and app must come from one build.'],
  ),
  FLASH_SIZE_MISMATCH: entry(
    'The firmware was built for a larger flash than the board has.',
    'esp-idf components/spi_flash/esp_flash_spi_init.c',
    ['The flash size in the image header is larger than the chip that was found.'],
    [moreFlash],
  ),
  ESP_IMAGE_TOO_BIG: entry(
    'The app is larger than its partition.',
    'esp-idf components/bootloader_support/src/esp_image_format.c',
    ['The firmware grew past the partition of the partition table.'],
    ['Choose a larger app partition (Partition Scheme), or a smaller firmware.'],
  ),
  SECURE_BOOT_VERIFY_FAILED: entry(
    'Secure boot refused the image: its signature is not valid.',
    'esp-idf docs security/secure-boot-v2',
    ['It is unsigned, or signed with another key than the chip holds.'],
    ['Sign it with the key whose digest is in the eFuses.'],
  ),
  WAITING_FOR_DOWNLOAD: entry(
    'The chip waits for a firmware over the serial line; it does not run one.',
    ROM,
    [bootPin],
    ['Release BOOT and press RESET; look for a circuit that pulls that pin low.'],
  ),
  BOOT_UART_DOWNLOAD: entry('The chip started in download mode.', ROM, [bootPin], ['Release BOOT and press RESET.']),
  UPDATE_ERROR_ACTIVATE: entry(
    'The new firmware was written, but cannot be made the one that starts.',
    'arduino-esp32 libraries/Update/src/Updater.cpp; issue #6046',
    ['The image is for another chip ("mismatch chip ID" above), or not valid.'],
    ['Build for this chip, and check the file that the server sends.'],
  ),
};

/** Reset reasons of the ROM: their names tell watchdogs from brownouts. */
export function resetEntry(name: string): Entry | undefined {
  if (/BROWN/.test(name)) return crashEntries['Brownout'];
  if (/RTCWDT_RTC/.test(name))
    return {
      ...watchdog,
      title: 'The RTC watchdog reset the chip: the bootloader or the firmware did not start, or hung early.',
      causes: [
        { text: 'No valid firmware in the flash (see the next lines), or a start that takes too long.', source: ROM },
        ...watchdog.causes,
      ],
    };
  return /WDT/.test(name) ? watchdog : undefined;
}
