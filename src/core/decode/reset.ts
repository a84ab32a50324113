// Why the chip started again: the ROM's rst: line, the ESP8266's cause and reset info, and what frameworks print of them.
import type { DecodeContext } from './context';
import { atLineStart } from './lineStart';
import { findPhrases, type Phrase } from './phrases';
import type { Recognizer } from './recognizer';
import table from './tables/resetReasons.json';

const CHIPS: Readonly<Record<string, Readonly<Record<string, string>>>> = table.chips;
/** Since the ESP32-S2 the numbers agree, except for names of the ESP32-P4. */
const NEWER_CHIP = 'esp32s3';

/** Power on, software, deep sleep, USB and the reset pin are no errors. */
const BAD = /WDT|BROWN|GLITCH|INTRUSION|EFUSE|CRC|LOCKUP/;

/** The header's name for the number; newer ROMs print shorter words (TG0WDT_SYS_RST, LP_WDT_SYS) than it. */
function romReason(match: RegExpExecArray, context: DecodeContext): string | undefined {
  const printed = match[3];
  const code = String(Number.parseInt(match[2] ?? '', 16));
  const old = CHIPS['esp32']?.[code];
  const chip = context.chip ?? (printed === undefined || printed === old ? 'esp32' : NEWER_CHIP);
  const name = CHIPS[chip]?.[code] ?? (printed && /^[A-Z0-9_]+$/.test(printed) ? printed : undefined);
  return name && BAD.test(name) ? name : undefined;
}

/** ESP8266: the bootloader's "rst cause:N", as in user_interface.h; 2 is the reset pin or a crash that was printed before. */
const ESP8266: Readonly<Record<string, string>> = { '4': 'HW_WDT' };
/** The same for the flag of rst_info (EspClass::getResetInfo); exceptions are the business of panic.ts. */
const FLAGS: Readonly<Record<string, string>> = { '1': 'HW_WDT', '3': 'SOFT_WDT' };

/** esp_reset_reason_t in the words of ESPHome's debug component, of ESP-IDF's documentation and of applications. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/panic/, 'ESP_RST_PANIC'],
  [/^int/, 'ESP_RST_INT_WDT'],
  [/^task/, 'ESP_RST_TASK_WDT'],
  [/^brown/, 'ESP_RST_BROWNOUT'],
  [/^efuse/, 'ESP_RST_EFUSE'],
  [/glitch/, 'ESP_RST_PWR_GLITCH'],
  [/lock/, 'ESP_RST_CPU_LOCKUP'],
  [/w(?:atch)?d(?:og|t)/, 'ESP_RST_WDT'],
];
const CAUSE = String.raw`exception\/panic|panic|(?:(?:task|int(?:errupt)?|other)[ _-]?)?(?:watchdog|wdt)s?|brown-?out|efuse error|(?:pwr|power)[ _-]glitch|cpu[ _-]?lock[ _-]?up`;
const REASON = String.raw`\b(?:reset|restart|reboot)(?:[ _-]?(?:reason|cause|source))?\b[^:=]{0,32}?(?:[:=]|\bdue to|\bcaused by)\s*["']?`;
const wordReason = (match: RegExpExecArray) =>
  WORDS.find(([pattern]) => pattern.test((match[1] ?? '').toLowerCase()))?.[1];

const PHRASES: readonly Phrase[] = [
  { pattern: /\b(rst:(0x[0-9a-f]+)(?: \(([^)]+)\))?)/i, name: romReason, code: (match) => `rst:${match[2]}` },
  { pattern: /\b(rst cause: ?(\d))/, name: (match) => ESP8266[match[2] ?? ''] },
  { pattern: /\bFatal exception:\d+ (flag:(\d))/, name: (match) => FLAGS[match[2] ?? ''] },
  // arduino-esp32's ResetReason example, MicroPython and others print the constant by itself
  {
    pattern: /\b((?:TG[01]?WDT|RTCWDT|OWDT|SUPER_WDT|HP_(?:SYS|CORE)_[HL]P_WDT|CHIP_LP_WDT)_\w*RESET|OWDT_RESET)\b/,
    name: (match) => match[1],
  },
  { pattern: /\b(ESP_RST_(?:PANIC|INT_WDT|TASK_WDT|WDT|BROWNOUT|PWR_GLITCH|CPU_LOCKUP|EFUSE))\b/, name: (m) => m[1] },
  { pattern: new RegExp(`${REASON}(${CAUSE})\\b(?! (?:disabled|enabled|timeout))`, 'i'), name: wordReason },
  { pattern: /\b(brown-?out) reset\b/i, name: 'ESP_RST_BROWNOUT' },
  { pattern: /(Brown-?out detector was triggered)/i, name: 'Brownout' },
  { pattern: /((?:PRO |APP )?CPU\d? has been reset by WDT)/, name: 'WDT' },
  { pattern: /(Soft WDT reset)/i, name: 'SOFT_WDT' },
  { pattern: atLineStart('(wdt reset)', 'i'), name: 'HW_WDT', quietFor: 3 },
  { pattern: /reason\b.*\b(Software Watchdog)\b/i, name: 'SOFT_WDT' },
  { pattern: /(Hardware Watchdog|Hardware WDT reset)/i, name: 'HW_WDT' },
  // ESPHome's components/esp8266/crash_handler.cpp; the exception cause behind it is an old one
  { pattern: /\bReason: (Hardware WDT)(?: - | *$)/, name: 'HW_WDT' },
  { pattern: /\bReason: (Soft WDT)(?: - | *$)/, name: 'SOFT_WDT' },
];

export const reset: Recognizer = {
  words: [
    'rst:',
    'rst cause',
    'flag:',
    'wdt_',
    'esp_rst_',
    'reset reas',
    'reset_reas',
    'due to',
    'caused by',
    'brownout',
    'brown-out',
    'wdt reset',
    'by wdt',
    'reason',
    'hardware w',
  ],
  find: (line, context) => findPhrases(PHRASES, 'reset', line, context),
};
