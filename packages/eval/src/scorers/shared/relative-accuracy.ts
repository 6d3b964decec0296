// numpy.linspace(0.5, 0.95, 10): multiples of the step, the last one exact.
const step = (0.95 - 0.5) / 9;
const thresholds = Array.from({ length: 10 }, (_, i) => (i === 9 ? 0.95 : i * step + 0.5));

/** Share of the ten thresholds 0.50 to 0.95 with error <= 1 - threshold, in float64. */
export const shareWithin = (error: number): number =>
  thresholds.filter((threshold) => error <= 1 - threshold).length / thresholds.length;
