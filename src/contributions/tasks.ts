// Task types and problem matchers.

/** For tasks: lines of a monitor that point into the source. */
export const problemMatchers = [
  {
    name: 'secure-iot-backtrace',
    label: 'ESP32 backtrace resolved by a monitor',
    owner: 'secure-iot',
    source: 'backtrace',
    severity: 'error',
    fileLocation: 'autoDetect',
    pattern: {
      // idf-monitor, PlatformIO's exception decoder, ESPHome and `secure-iot decode --elf`
      regexp:
        '^(?:--- |\\[[\\d:.]+\\]|WARNING Decoded |\\d+: |\\s*#\\d+\\s+)*0x[0-9a-fA-F]{8}(?::0x[0-9a-fA-F]{8})?:?\\s+(?:in )?(.+?) at (.+?):(\\d+)(?: \\(discriminator \\d+\\))?$',
      message: 1,
      file: 2,
      line: 3,
    },
  },
  {
    name: 'secure-iot-assert',
    label: 'ESP32 assertion',
    owner: 'secure-iot',
    source: 'assert',
    severity: 'error',
    fileLocation: 'autoDetect',
    // of ESP_ERROR_CHECK, and of assert() as newlib prints it
    pattern: {
      regexp: '^((?:assertion .* failed: )?file:? "(.+?)",? line (\\d+).*)$',
      message: 1,
      file: 2,
      line: 3,
    },
  },
  {
    name: 'secure-iot-decode',
    label: 'Errors that secure-iot decode --problems finds in a log',
    owner: 'secure-iot',
    source: 'board',
    severity: 'error',
    fileLocation: 'autoDetect',
    pattern: { regexp: '^(.+?):(\\d+):(\\d+): error: (.+)$', file: 1, line: 2, column: 3, message: 4 },
  },
  {
    name: 'secure-iot-compiler',
    owner: 'secure-iot',
    source: 'compiler',
    fileLocation: 'autoDetect',
    pattern: {
      regexp: '^(.+?):(\\d+):(\\d+):\\s+(?:fatal )?(warning|error|note):\\s+(.*)$',
      file: 1,
      line: 2,
      column: 3,
      severity: 4,
      message: 5,
    },
  },
] as const;

/** Building a firmware project with its own tool; src/host/sketch/buildSketch.ts runs it. */
export const buildTask = {
  type: 'secure-iot',
  required: ['project'],
  properties: { project: { type: 'string', description: 'Folder of the firmware project, in the workspace.' } },
} as const;

/** Flashing as a task of tasks.json; src/host/boards/flashTask.ts runs it. */
export const flashTask = {
  type: 'secure-iot-flash',
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      items: { type: 'string' },
      description:
        'One of flasher_args.json, a build folder or an image of the whole flash; or offsets and files in turn. Relative to the workspace folder.',
    },
    address: {
      type: 'string',
      description: 'Serial port, rfc2217://host:port or socket://host:port. Without it the only board, or a question.',
    },
  },
} as const;
