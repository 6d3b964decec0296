import { addSquareSums, rootOfSquares, type SquareSum, sumOfSquares } from "@videor1/engine";
import { checkedFactor, NonFiniteGradientError } from "../clip.ts";
import type { Collective } from "../collective.ts";
import type { SliceSums } from "./gradient-exchange.ts";

/**
 * `clipFactor` of gradients that lie in slices on all ranks: the bytes of one process.
 *
 * @throws {NonFiniteGradientError} On every rank, with the parameters of all.
 */
export async function clipSlices(
  { grads, names }: Pick<SliceSums, "grads" | "names">,
  maxNorm: number,
  { scale, collective }: { scale: number; collective: Pick<Collective, "gather"> },
): Promise<{ factor: number; norm: number }> {
  if (names.size === 0) return { factor: scale, norm: 0 };
  const normOf = (sums: readonly SquareSum[]) => scale * rootOfSquares(sums.reduce(addSquareSums, 0n));
  const all = await collective.gather(textOf(sumOfSquares(Object.values(grads))));
  const norm = normOf(all.map(parse));
  if (Number.isFinite(norm)) return checkedFactor(norm, maxNorm, scale);
  const list = [...names];
  const own = list.map((name) => textOf(sumOfSquares(grads[name] ? [grads[name]] : [])));
  const ofRanks = await collective.gather(own);
  const affected = list.filter((_, i) => !Number.isFinite(normOf(ofRanks.map((sums) => parse(sums[i]!)))));
  throw new NonFiniteGradientError(norm, affected);
}

const textOf = (sum: SquareSum): string => String(sum);
const parse = (text: string): SquareSum => (/^\d+$/.test(text) ? BigInt(text) : Number(text));
