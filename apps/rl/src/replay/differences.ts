/** Something recorded that is not what is recomputed. */
export interface Difference {
  where: string;
  recorded: unknown;
  recomputed: unknown;
}

/** Whether two numbers agree to 1e-5 of the larger, or to 1e-8. */
export const agree = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(1e-8, 1e-5 * Math.max(Math.abs(a), Math.abs(b))) || Object.is(a, b);

/** Lists with one value a token, in nats. */
const tokenLists = /\.(logps|refLogps|permutedLogps|entropy)$/;

/**
 * Where a recomputed value differs from the recorded one, each a JSON value: what `replay` tells of a step that it made again.
 * Of a list with one value a token only the largest difference is told.
 *
 * @param logpTolerance - In nats: a value of a token is recomputed in one pass, where sampling took a pass for each token,
 * and rounded otherwise.
 */
export function differences(
  recorded: unknown,
  recomputed: unknown,
  where: string,
  logpTolerance: number,
): Difference[] {
  if (typeof recorded === "number" && typeof recomputed === "number")
    return agree(recorded, recomputed) ? [] : [{ where, recorded, recomputed }];
  if (Array.isArray(recorded) && Array.isArray(recomputed)) {
    if (recorded.length !== recomputed.length)
      return [{ where: `${where}.length`, recorded: recorded.length, recomputed: recomputed.length }];
    if (tokenLists.test(where)) return largestDifference(recorded, recomputed, where, logpTolerance);
    return recorded.flatMap((value, i) => differences(value, recomputed[i], `${where}[${i}]`, logpTolerance));
  }
  if (isObject(recorded) && isObject(recomputed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])];
    return keys.flatMap((key) => differences(recorded[key], recomputed[key], `${where}.${key}`, logpTolerance));
  }
  return recorded === recomputed ? [] : [{ where, recorded, recomputed }];
}

function largestDifference(
  recorded: readonly number[],
  recomputed: readonly number[],
  where: string,
  tolerance: number,
): Difference[] {
  const distances = recorded.map((value, i) => distance(value, recomputed[i]!));
  const largest = distances.reduce((most, other) => Math.max(most, other), 0);
  if (largest <= tolerance) return [];
  const i = distances.indexOf(largest);
  return [{ where: `${where}[${i}]`, recorded: recorded[i], recomputed: recomputed[i] }];
}

/** |recorded - recomputed|; infinite where one of them is not finite, but 0 where a server knew no number and NaN is recorded. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || Number.isNaN(a)) return 0;
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
