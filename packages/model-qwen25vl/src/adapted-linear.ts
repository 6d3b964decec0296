import { add, mul, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { linear } from "@videor1/engine";

/** The weights of linear layers by name: W [out, in], a bias or none, and an adapter's A [r, in] and B [out, r] or none. */
export type LinearWeights<Name extends string> = Record<`${Name}.weight`, Tensor2D> &
  Partial<Record<`${Name}.bias`, Tensor1D> & Record<`${Name}.lora_${"A" | "B"}.weight`, Tensor2D>>;

/**
 * y = x W^T + b + scale (x A^T) B^T, [..., in] to [..., out]; without A and B, y = x W^T + b.
 *
 * @see arXiv:2106.09685 section 4.1
 */
export function adaptedLinear<Name extends string>(
  x: Tensor,
  weights: LinearWeights<Name>,
  name: Name,
  scale: number,
): Tensor {
  const w = weights as LinearWeights<string>;
  const y = linear(x, w[`${name}.weight`]!, w[`${name}.bias`]);
  const [a, b] = [w[`${name}.lora_A.weight`], w[`${name}.lora_B.weight`]];
  return a && b ? add(y, linear(mul(linear(x, a), scale), b)) : y;
}
