// The log file of `secure-iot monitor`: bytes as they came, or without secrets.
import { RedactedLog } from '../core/monitor/redactedLog';
import { LOG_DEFAULTS, LogFile } from '../io/serial/logFile';
import type { MonitorOptions } from './monitorOptions';

export interface MonitorLog {
  write(bytes: Uint8Array): void;
  /** Resolves to whether every byte is in the file. */
  end(): Promise<boolean>;
}

/** Undefined without --log. */
export async function openMonitorLog(
  { values, maxBytes }: MonitorOptions,
  onPressure: (behind: boolean) => void,
): Promise<MonitorLog | undefined> {
  const path = values.log;
  if (path === undefined) return undefined;
  let failed = false;
  const onError = (error: Error) => {
    failed = true;
    process.stderr.write(`${path} is not written any further: ${error.message}. The monitor goes on without it.\n`);
  };
  // without a size the log is one file: nothing of it is rotated away
  const size = { maxBytes: maxBytes ?? Number.POSITIVE_INFINITY, keep: LOG_DEFAULTS.keep };
  const file = await LogFile.open(path, onError, { ...size, onPressure });
  const clean = values.redact ? new RedactedLog() : undefined;
  return {
    write: (bytes) => file.write(clean ? clean.push(bytes) : bytes),
    end: async () => {
      if (clean) file.write(clean.end());
      await file.close();
      return !failed;
    },
  };
}
