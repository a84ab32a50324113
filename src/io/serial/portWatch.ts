// Tells when a serial device may have come or gone: by the system's word on Linux, by looking now and then elsewhere.
import { watch } from 'node:fs';
import { isSerialDevice } from './systemPorts';

/** Without the system's word; also with it, since a container may be given a device unseen. */
const LOOK_MS = 2_000;
const LOOK_WATCHED_MS = 15_000;
/** A device has its name first, then its permissions, then what udev knows of it (name, serial number). */
const AFTER_MS = [60, 300, 1_500];

export interface PortWatch {
  stop(): void;
}

/** `onChange` is called from time to time without any change too: compare. `folder` is where device nodes appear. */
export function watchPorts(
  onChange: () => void,
  folder = process.platform === 'linux' ? '/dev' : undefined,
): PortWatch {
  let timers: NodeJS.Timeout[] = [];
  const changed = () => {
    for (const timer of timers) clearTimeout(timer);
    timers = AFTER_MS.map((ms) => setTimeout(onChange, ms));
  };
  const watcher = folder === undefined ? undefined : watchFolder(folder, changed);
  const interval = setInterval(onChange, watcher ? LOOK_WATCHED_MS : LOOK_MS);
  return {
    stop: () => {
      clearInterval(interval);
      for (const timer of timers) clearTimeout(timer);
      watcher?.close();
    },
  };
}

function watchFolder(folder: string, changed: () => void) {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name !== null && isSerialDevice(name)) changed();
    });
    watcher.on('error', () => {}); // the interval goes on looking
    return watcher;
  } catch {
    return undefined; // no inotify watches left, or no such folder
  }
}
