// The firmware crashed: Guru Meditation, abort, assert, stack overflow, watchdogs, corrupt heap, ESP8266 exceptions.

import { atLineStart } from './lineStart';
import { findPhrases, type Phrase } from './phrases';
import type { Recognizer } from './recognizer';
import table from './tables/esp8266Exceptions.json';

const EXCEPTIONS: Readonly<Record<string, string>> = table.codes;

/** A cause as panic.c prints it -> its name: one word stays, a sentence is written together. */
function causeName(cause: string): string {
  if (/^Interrupt wdt timeout/i.test(cause)) return 'InterruptWatchdog';
  if (/^Task watchdog/i.test(cause)) return 'TaskWatchdog';
  if (/^Cache (?:disabled|error)/i.test(cause)) return 'CacheError';
  if (/^Stack protection fault/i.test(cause)) return 'StackProtectionFault';
  if (/^\w+$/.test(cause)) return cause;
  return cause
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** ESPHome's components/esp32/crash_handler.cpp, at the boot after: the kind of panic, and the cause where there is one. */
function esphomeCause(kind = '', cause?: string): string | undefined {
  if (cause && cause !== 'Unknown') return causeName(cause);
  const names: Readonly<Record<string, string>> = {
    'Debug exception': 'UnhandledDebugException',
    'Interrupt wdt': 'InterruptWatchdog',
    'Task wdt': 'TaskWatchdog',
    Abort: 'abort',
  };
  return names[kind];
}

/** Causes that a log may end in the middle of; panic.c and panic_arch.c of esp-idf components/esp_system. */
const CAUSES: readonly string[] = [
  'IllegalInstruction',
  'InstructionFetchError',
  'InstrFetchProhibited',
  'IntegerDivideByZero',
  'LoadProhibited',
  'LoadStoreAlignment',
  'LoadStoreError',
  'StoreProhibited',
  'Interrupt wdt timeout',
  'Unhandled debug exception',
  'Stack protection fault',
  'Illegal instruction',
  'Instruction access fault',
  'Instruction address misaligned',
  'Load access fault',
  'Load address misaligned',
  'Store access fault',
  'Store address misaligned',
];

/** The only cause that begins so, if there is one. */
function cutCause(printed = ''): string | undefined {
  const [cause, ...others] = CAUSES.filter((one) => one.startsWith(printed));
  return cause !== undefined && others.length === 0 ? causeName(cause) : undefined;
}

const guru = (match: RegExpExecArray) => causeName(match[1] ?? '');

const PHRASES: readonly Phrase[] = [
  // esp-idf components/esp_system/port/arch/riscv/panic_arch.c: an empty line, then "Detected in task ..."
  { pattern: /\bpanic'ed \((Stack protection fault)\)/, name: 'StackProtectionFault', linesAfter: 2 },
  { pattern: /\bpanic'ed \((?!Stack protection fault\))([^)]+)\)/, name: guru },
  { pattern: /\bpanic'ed \(([A-Z][A-Za-z ]{2,})$/, name: (match) => cutCause(match[1]) },
  {
    pattern: /\bReason: ((Fault|Debug exception) - (\w[\w -]+?))\s*$/,
    name: (match) => esphomeCause(match[2], match[3]),
  },
  {
    pattern: /\besp32\.crash\b.*\bReason: ((Debug exception|Interrupt wdt|Task wdt|Abort)(?: - [\w -]+)?)\s*$/,
    name: (match) => esphomeCause(match[2]),
  },
  // the same for the ESP8266: "Reason: Exception - LoadProhibit (exccause=28)"
  {
    pattern: /\bReason: (Exception - \w+ \(exccause=(\d{1,2})\))/,
    name: (match) => EXCEPTIONS[match[2] ?? ''],
    code: (match) => `Exception (${match[2]})`,
  },
  { pattern: /Guru Meditation Error of type (\w+)/, name: guru },
  { pattern: /(Stack canary watchpoint triggered(?: \([^)]*\))?)/, name: 'StackCanary' },
  { pattern: /(A stack overflow in task .+?) has been detected/, name: 'StackOverflow' },
  { pattern: /(Stack smashing protect failure|stack smashing detected)/i, name: 'StackSmashing' },
  { pattern: /\b(abort\(\) was called)/, name: 'abort' },
  { pattern: atLineStart('(Abort called)'), name: 'abort', quietFor: 2 },
  // esp-coredump and Tasmota's Status 12
  { pattern: /\b(exccause\s+0x[0-9a-f]+ \((\w+Cause)\))/, name: (match) => match[2] },
  {
    pattern: /("Exception":(\d{1,2})),.*"EPC"/,
    name: (match) => EXCEPTIONS[match[2] ?? ''],
    code: (match) => `Exception (${match[2]})`,
  },
  {
    pattern: /\b(assert failed|[Aa]ssertion "[^"]*" failed|Assertion failed:|ASSERT_PARAM\(\d+ \d+\))/,
    name: 'assert',
  },
  { pattern: /(CORRUPT HEAP)/, name: 'CORRUPT_HEAP' },
  { pattern: /(Task watchdog (?:got )?triggered)/, name: 'TaskWatchdog' },
  { pattern: /(Interrupt wdt timeout on CPU\d)/, name: 'InterruptWatchdog' },
  {
    pattern:
      /(Mem alloc fail\. size|\balloc_fail size|heap_caps_alloc_failed|std::bad_alloc|Unhandled C\+\+ exception: OOM|Failed to allocate requested size|failed to allocate (?:\d+ bytes|memory)|alloc\(\d+ bytes\) failed|\b[mc]alloc(?:\(\d+\))? failed|memory allocation failed, allocating \d+ bytes|(?:not|no) enough memory (?:to|for) allocat\w+)/i,
    name: 'HeapAllocFailed',
  },
  { pattern: /(?<![\w:]):oom\(\d+\)/, name: 'HeapAllocFailed' }, // ESP8266, umm_malloc
  { pattern: /\b(Backtrace:)(?=\s*(?:0x|$))/, name: 'Backtrace' },
  {
    // the last also from the reset information after the crash; its flag 2 says exception
    pattern: /((?:Fatal e|E)xception ?(?:\((\d{1,2})\)|(\d{1,2})(?=[:(])|:(\d{1,2})(?= flag:2\b)))/,
    name: (match) => EXCEPTIONS[match[2] ?? match[3] ?? match[4] ?? ''],
    code: (match) => `Exception (${match[2] ?? match[3] ?? match[4]})`,
  },
  { pattern: /\b(Panic [\w./-]+\.(?:cpp|c|ino):\d+)/, name: 'abort' },
  { pattern: /(User exception \(panic\/abort\/assert\))/, name: 'abort' },
  { pattern: /(Last failed alloc (?:call|caller): ?\w+)/, name: 'HeapAllocFailed' },
];

export const panic: Recognizer = {
  words: [
    'guru',
    'reason: ',
    'stack canary',
    'stack overflow',
    'stack smash',
    'abort()',
    'abort call',
    'exccause',
    '"exception"',
    ':oom(',
    'assert',
    'corrupt heap',
    'watchdog got',
    'watchdog t',
    "panic'ed",
    'wdt timeout',
    'alloc fail',
    'alloc call',
    'alloc_fail',
    'bad_alloc',
    'to allocate',
    'alloc(',
    'alloc failed',
    'allocation',
    'allocat',
    'backtrace:',
    'xception',
    'panic core',
    '(panic/',
  ],
  find: (line, context) => findPhrases(PHRASES, 'panic', line, context),
};
