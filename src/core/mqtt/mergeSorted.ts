// Two sorted lists of numbers into one.

/** Where both are equal, the one of `first` comes first. */
export function mergeSorted(
  first: Int32Array,
  second: Int32Array,
  compare: (a: number, b: number) => number,
): Int32Array {
  if (first.length === 0) return second;
  const merged = new Int32Array(first.length + second.length);
  let a = 0;
  let b = 0;
  for (let i = 0; i < merged.length; i++) {
    const fromFirst =
      b === second.length || (a < first.length && compare(first[a] as number, second[b] as number) <= 0);
    merged[i] = fromFirst ? (first[a++] as number) : (second[b++] as number);
  }
  return merged;
}
