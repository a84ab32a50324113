// Sizes of flash as people read them.

/** `24 KB`, or bytes where it is no whole number of them. */
export function kilobytes(bytes: number): string {
  return bytes % 1024 === 0 ? `${(bytes / 1024).toLocaleString('en')} KB` : `${bytes.toLocaleString('en')} bytes`;
}

/** `4 MB`, and `512 KB` where it is no whole number of them. */
export function megabytes(bytes: number): string {
  return bytes % (1024 * 1024) === 0 ? `${bytes / 1024 / 1024} MB` : kilobytes(bytes);
}
