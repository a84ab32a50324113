// The beginning of a line behind the time that monitors and log files put there.

/**
 * Source of a pattern: Arduino IDE (`13:45:12.345 -> `), PlatformIO (` > `), idf-monitor and loggers (date and time),
 * ESPHome (`[13:45:12]`), ts (`Nov 25 13:45:12 `), ISO 8601, and nothing at all.
 */
const LINE_START = String.raw`^(?:[A-Z][a-z]{2} [ \d]\d )?[\d:.,\-+TZ\s>[\]]{0,80}`;

/** A pattern that matches `source` at the beginning of a line only, whatever the time before it. */
export function atLineStart(source: string, flags = ''): RegExp {
  return new RegExp(`${LINE_START}${source}`, flags);
}
