/** A flat range of a parameter's elements. */
export interface Slice {
  first: number;
  count: number;
}

/** Elements that codes of moments share a scale of, and sums of squares are exact over: slices begin and end at multiples. */
export const sliceGrain = 256;

/** Elements of a rank's range of a parameter, the last ones' padding included: equal for all ranks, a multiple of `sliceGrain`. */
export const sliceLength = (size: number, ranks: number): number =>
  sliceGrain * Math.ceil(Math.ceil(size / ranks) / sliceGrain);

/** The elements of a parameter that a rank owns; none of a small one but for the first ranks. */
export function sliceOf(size: number, rank: number, ranks: number): Slice {
  const length = sliceLength(size, ranks);
  const first = Math.min(size, rank * length);
  return { first, count: Math.min(length, size - first) };
}
