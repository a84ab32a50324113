// Rarer panics, resets and boot errors, of the ESP32 family and of the ESP8266.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';

const fatal = entriesFrom('esp-idf docs api-guides/fatal-errors');
const old = entriesFrom('ESP8266 Arduino doc/exception_causes.rst');
const image = entriesFrom('esp-idf components/bootloader_support/src/esp_image_format.c');
const encryption = entriesFrom(
  'esp-idf docs security/flash-encryption; components/bootloader_support/src/flash_encrypt.c',
);
const reset = entriesFrom('esp-idf components/esp_system/include/esp_system.h; components/esp_rom (rom/rtc.h)');

const backtrace = 'Resolve the backtrace to source lines: "secure-iot decode --elf firmware.elf".';
const code =
  'A function pointer or return address was overwritten (stack overflow, buffer overrun), or an object was used after it was freed.';
const alignment = [
  'A pointer to a word or half-word was made from a byte buffer, or data in flash (PROGMEM) was read byte by byte.',
];
const illegal = fatal(
  'The CPU met something that is no instruction.',
  [code, 'The flash was read wrongly: mode, frequency or power.'],
  [backtrace],
);
const divide = fatal(
  'The firmware divided a whole number by zero.',
  ['A value that was not set or not checked.'],
  [backtrace],
);
const aligned = fatal('A word was read or written at an address that is no multiple of its size.', alignment, [
  backtrace,
]);
const access = fatal('The firmware used an address that it may not use.', [code], [backtrace]);
const power = reset(
  'The chip was reset by a glitch of its supply or clock.',
  ['A spike or drop of the supply voltage: relays, motors, long wires, or somebody who attacks the chip.'],
  ['Look at the supply; add a capacitor near the board.'],
);

export const crashRareEntries: Readonly<Record<string, Entry>> = {
  ...named(['IllegalInstruction', 'IllegalInstructionCause'], illegal),
  ...named(['IntegerDivideByZero', 'IntegerDivideByZeroCause'], divide),
  ...named(['LoadStoreAlignment', 'LoadStoreAlignmentCause'], aligned),
  ...named(
    ['LoadStoreError', 'LoadStoreErrorCause'],
    fatal(
      'Memory was accessed in a way it does not allow.',
      ['Bytes were read from instruction memory or flash that gives whole words only.'],
      ['Use pgm_read_byte() for data in PROGMEM.', backtrace],
    ),
  ),
  ...named(
    ['InstructionFetchErrorCause', 'InstFetchProhibitedCause', 'InstFetchPrivilegeCause', 'InstructionAccessFault'],
    fatal('The firmware jumped to an address that holds no code.', [code], [backtrace]),
  ),
  ...named(
    [
      'InstrPIFDateErrorCause',
      'LoadStorePIFDataErrorCause',
      'InstrPIFAddrErrorCause',
      'LoadStorePIFAddrErrorCause',
      'InstTLBMissCause',
      'InstTLBMultiHitCause',
      'LoadStoreTLBMissCause',
      'LoadStoreTLBMultiHitCause',
      'LoadStorePrivilegeCause',
      'PrivilegedCause',
    ],
    access,
  ),
  ...named(
    ['SyscallCause', 'Level1InterruptCause', 'AllocaCause'],
    old('An exception that a firmware does not cause in normal use.', [code], [backtrace]),
  ),
  CacheError: fatal(
    'Code or data in flash was used while the flash cache was off.',
    ['An interrupt handler that is not in IRAM (IRAM_ATTR) ran during a write to the flash.'],
    ['Put handlers and what they call into IRAM, and their data into DRAM.', backtrace],
  ),
  DoubleException: fatal(
    'A second exception came while the first was handled.',
    ['The stack is damaged or used up.'],
    ['Give the task more stack.', backtrace],
  ),
  Unhandled: fatal('A panic without a name of its own.', ['The line before or after it says more.'], [backtrace]),
  StackSmashing: fatal(
    'A function wrote past one of its arrays on the stack.',
    ['A buffer overrun: strcpy, sprintf or memcpy with too much data.'],
    ['Use the variants with a length.', backtrace],
  ),

  ESP_IMAGE_CHECKSUM_FAILED: image(
    'The app image in the flash is damaged: its checksum is wrong.',
    ['Flashing broke off, the flash fails, or flash encryption makes it unreadable.'],
    ['Flash it again; try a lower flash frequency.'],
  ),
  ESP_IMAGE_HASH_FAILED: image(
    'The app image in the flash is damaged: its SHA-256 does not match.',
    [
      'It was changed after the build (a padded or patched file), flashing broke off, or it lies at another offset than it was built for.',
    ],
    ['Flash the .bin of the build as it is.'],
  ),
  ESP_IMAGE_WRONG_CHIP: image(
    'The image was built for another chip.',
    ['An ESP32 image on an ESP32-C3 or S3, or the reverse: the board setting is wrong.'],
    ['Build for the chip that is named when flashing ("Chip is …").'],
  ),
  FLASH_ENCRYPTION_FAILED: encryption(
    'Flash encryption could not be set up or does not fit what is in the flash.',
    [
      'A plain image was flashed on a chip that decrypts, or an encrypted one on a chip that does not.',
      'The eFuses for it are write-protected or used up (FLASH_CRYPT_CNT).',
    ],
    [
      'See the state of the chip: espefuse.py summary. Flash with --encrypt where encryption is on in development mode.',
    ],
  ),

  ESP_RST_PANIC: reset(
    'The last run ended in a panic or abort.',
    ['The messages of that run, before this reset, name the cause.'],
    ['Read the log before the reset; keep a core dump (CONFIG_ESP_COREDUMP_ENABLE_TO_FLASH).'],
  ),
  ESP_RST_EFUSE: reset(
    'The chip was reset by an error in its eFuses.',
    ['The eFuse memory fails its check: power while it was read, or damage.'],
    ['Look at the supply.'],
  ),
  ESP_RST_CPU_LOCKUP: reset('The CPU locked up: an exception inside the handler of an exception.', [code], [backtrace]),
  CPU_LOCKUP_RESET: reset('The CPU locked up: an exception inside the handler of an exception.', [code], [backtrace]),
  ...named(
    ['ESP_RST_PWR_GLITCH', 'GLITCH_RTC_RESET', 'POWER_GLITCH_RESET', 'RTC_PWR_GLITCH_RESET', 'INTRUSION_RESET'],
    power,
  ),
  ...named(
    ['EFUSE_RESET', 'EFUSE_CRC_ERR_RESET'],
    reset(
      'The chip was reset by an error in its eFuses.',
      ['The eFuse memory fails its check: power while it was read, or damage.'],
      ['Look at the supply.'],
    ),
  ),
  ...named(
    ['SW_RESET', 'SW_CPU_RESET', 'RTC_SW_SYS_RESET', 'RTC_SW_CPU_RESET', 'SW_SYS_RESET'],
    reset('The firmware restarted the chip: that alone is no error.', [
      'esp_restart() or ESP.restart(), also at the end of a panic: the lines before tell.',
    ]),
  ),
  ...named(
    ['DEEPSLEEP_RESET', 'PMU_SYS_PWR_DOWN_RESET'],
    reset('The chip woke from deep sleep: that is no error.', []),
  ),
  ...named(
    [
      'EXT_CPU_RESET',
      'SDIO_RESET',
      'JTAG_RESET',
      'JTAG_CPU_RESET',
      'USB_UART_CHIP_RESET',
      'USB_JTAG_CHIP_RESET',
      'CHIP_USB_JTAG_RESET',
      'CHIP_USB_UART_RESET',
    ],
    reset('The chip was reset from outside: by a debugger, USB, SDIO or the other core.', []),
  ),
};
