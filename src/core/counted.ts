// A number with its noun, as a sentence says it.

/** `1 board`, `2 boards`; `many` where it is not made with an s. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : many}`;
}
