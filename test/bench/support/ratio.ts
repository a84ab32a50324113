// Paired measuring: two ways of doing the same work in turns (A B A B …), and the ratio pair by pair, so that a machine
// whose speed drifts drifts for both.

export interface Paired {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Runs `ours` and `peer` in turns; each returns its rate or its time. The ratio is ours / peer. */
export async function paired(
  rounds: number,
  ours: () => number | Promise<number>,
  peer: () => number | Promise<number>,
): Promise<Paired> {
  await ours();
  await peer(); // warm-up
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const [a, b] = i % 2 ? [await ours(), await peer()] : await reversed(ours, peer);
    ratios.push(a / b);
  }
  ratios.sort((x, y) => x - y);
  return {
    median: ratios[Math.floor(ratios.length / 2)] ?? Number.NaN,
    min: ratios[0] ?? Number.NaN,
    max: ratios.at(-1) ?? Number.NaN,
  };
}

async function reversed(
  ours: () => number | Promise<number>,
  peer: () => number | Promise<number>,
): Promise<[number, number]> {
  const b = await peer();
  return [await ours(), b];
}

/** Prints one line: what was compared, the median ratio with its range, and the aim. */
export function report(what: string, ratio: Paired, aim: string): void {
  const shown = (n: number) => (n >= 10 ? n.toFixed(0) : n.toFixed(2));
  console.log(`${what}: ${shown(ratio.median)}x (${shown(ratio.min)} to ${shown(ratio.max)}); aim: ${aim}`);
}
