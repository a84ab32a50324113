// Which files are linted, by name alone: asked for every file that is opened.
export const SOURCE = /\.(ino|c|cc|cpp|cxx|h|hpp|hh)$/i;
export const MOSQUITTO = /(^|[/\\])mosquitto[^/\\]*\.conf$/i;
export const PARTITIONS = /(^|[/\\])[^/\\]*partition[^/\\]*\.csv$/i;

export function isLintable(path: string): boolean {
  return SOURCE.test(path) || MOSQUITTO.test(path) || PARTITIONS.test(path);
}
