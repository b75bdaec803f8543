/** What is made of repeated measurements. Pure. */

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Half of the values lie between these two: the medians of the lower and of the upper half, the middle one left out. */
export function quartiles(values: readonly number[]): readonly [lower: number, upper: number] {
  if (values.length < 2) return [median(values), median(values)];
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return [median(sorted.slice(0, half)), median(sorted.slice(-half))];
}

/** One observation of something that may grow. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/**
 * The growth per millisecond: the median of the slopes between all pairs of samples, which up to 29 % of outliers cannot move
 * (Theil 1950, Sen 1968). NaN of fewer than two moments.
 */
export function theilSenSlope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((from, index) =>
    samples
      .slice(index + 1)
      .filter(({ atMs }) => atMs !== from.atMs)
      .map((to) => (to.value - from.value) / (to.atMs - from.atMs)),
  );
  return median(slopes);
}
