// The one line on the terminal that says how far work is.

/** Written over by the next one; empty to take it away. Nothing where stderr is a file. */
export function statusLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
