import type { Tensor } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/** A sum of squares: an integer in units of 2^-298, the square of the least float32; or NaN or Infinity, where the elements hold them. */
export type SquareSum = bigint | number;

/** Whether the current backend has exact sums of squares; torch has. */
export const hasSquareSums = (): boolean => hasKernel("SumOfSquares");

/**
 * Sum of the squares of all elements, stored in float32 or bfloat16. Squares are rounded to 2^-44 of the largest of their block of
 * 256 elements, and nothing else is: so the sums of slices that begin at multiples of 256 add up to that of the whole, bit for bit.
 */
export function sumOfSquares(tensors: readonly Tensor[]): SquareSum {
  if (tensors.length === 0) return 0n;
  const out = runKernel<Tensor>("SumOfSquares", tensors);
  const [state, ...limbs] = out.dataSync<"int32">();
  out.dispose();
  if (state !== 0) return state === 2 ? Number.NaN : Number.POSITIVE_INFINITY;
  return limbs.reduceRight((sum, limb) => (sum << 32n) | BigInt(limb >>> 0), 0n);
}

/** a + b; NaN and Infinity as in numbers. */
export const addSquareSums = (a: SquareSum, b: SquareSum): SquareSum =>
  typeof a === "bigint" && typeof b === "bigint" ? a + b : Number(a) + Number(b);

/** The square root, rounded to float32: a norm. */
export const rootOfSquares = (sum: SquareSum): number =>
  Math.fround(typeof sum === "bigint" ? Math.sqrt(Number(sum) * 2 ** -298) : sum);
