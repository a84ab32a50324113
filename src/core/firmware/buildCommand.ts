// How a firmware project is built: which tool it belongs to, the words of the call, and where to get the tool.
import type { Framework } from './template';

export interface BuildTool {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** One sentence for whoever does not have it. */
  readonly install: string;
}

/** Output goes where Flash Board looks for it. */
const TOOLS: Readonly<Record<Framework, BuildTool>> = {
  arduino: {
    title: 'arduino-cli',
    program: 'arduino-cli',
    args: ['compile', '--output-dir', 'build', '.'],
    install: 'Install arduino-cli (arduino.github.io/arduino-cli) so that it is on PATH, or build in the Arduino IDE.',
  },
  platformio: {
    title: 'PlatformIO',
    program: 'pio',
    args: ['run'],
    install: 'Install PlatformIO Core (docs.platformio.org) or the PlatformIO extension.',
  },
  'esp-idf': {
    title: 'ESP-IDF',
    program: 'idf.py',
    args: ['build'],
    install: 'Install ESP-IDF and start VS Code (or this command) from a terminal in which its export script was run.',
  },
};

/** Which tool builds a folder, from the names in it; undefined for no firmware project. */
export function projectFramework(names: readonly string[]): Framework | undefined {
  if (names.includes('platformio.ini')) return 'platformio';
  if (names.includes('CMakeLists.txt') && (names.includes('main') || names.some((n) => n.startsWith('sdkconfig')))) {
    return 'esp-idf';
  }
  return names.some((name) => name.endsWith('.ino')) ? 'arduino' : undefined;
}

export function buildTool(framework: Framework): BuildTool {
  return TOOLS[framework];
}
