// A number with its noun, as a sentence says it.

/** `1 board`, `2 boards`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
