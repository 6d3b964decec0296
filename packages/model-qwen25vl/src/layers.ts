// Shape suffixes: T tokens, d hidden size, V vocabulary.

import {
  add,
  customGrad,
  erf,
  gather,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { checkpoint, linear, swiglu } from "@videor1/engine";

/** Called with intermediate activations by name: what a debugger, or a comparison with another implementation, looks at. */
export type Observe = (name: string, activation: Tensor) => void;

/** The weights of a gated feed-forward network; its linear layers have a bias or have not. */
export type GatedMlpWeights = Record<`mlp.${"gate" | "up" | "down"}_proj.weight`, Tensor2D> &
  Partial<Record<`mlp.${"gate" | "up" | "down"}_proj.bias`, Tensor1D>>;

/** down(silu(gate(x)) * up(x)), [..., d] to [..., d]. */
export function gatedMlp<T extends Tensor>(x: T, w: GatedMlpWeights): T {
  const gate = linear(x, w["mlp.gate_proj.weight"], w["mlp.gate_proj.bias"]);
  const up = linear(x, w["mlp.up_proj.weight"], w["mlp.up_proj.bias"]);
  return linear(swiglu(gate, up), w["mlp.down_proj.weight"], w["mlp.down_proj.bias"]) as T;
}

/** x * Phi(x) = x (1 + erf(x / sqrt(2))) / 2: the exact GELU, not its tanh approximation. */
export function gelu<T extends Tensor>(x: T): T {
  return tidy(() => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)));
}

/**
 * weight[ids]. The row `paddingId` gets no gradient through here, as torch's Embedding(padding_idx).
 *
 * @param ids - [T], in [0, V).
 * @returns [T, d].
 */
export function embedding(weight_Vd: Tensor2D, ids: Tensor1D, paddingId: number | null): Tensor2D {
  const idValues = ids.dataSync();
  if (paddingId === null || !idValues.includes(paddingId)) return gather(weight_Vd, ids);
  const keep_T1 = tensor2d(
    Float32Array.from(idValues, (id) => +(id !== paddingId)),
    [idValues.length, 1],
  );
  const lookUp = customGrad((weight) => ({
    value: gather(weight as Tensor2D, ids),
    gradFunc: (dy_Td: Tensor) => unsortedSegmentSum(mul(dy_Td, keep_T1), ids, weight_Vd.shape[0]),
  }));
  return lookUp(weight_Vd) as Tensor2D;
}

/**
 * f(x, weights), recomputed in the backward pass instead of remembered when `recompute` is set.
 *
 * @param others - Further tensors that f depends on differentiably.
 */
export function layer<W extends object, Result extends Tensor[]>(
  recompute: boolean,
  f: (x: Tensor, weights: W, others: Tensor[]) => Result,
  x: Tensor,
  weights: W,
  others: Tensor[] = [],
): Result {
  if (!recompute) return f(x, weights, others);
  const names = Object.keys(weights);
  const again = ([x, ...rest]: Tensor[]) => {
    const given = Object.fromEntries(names.map((name, i) => [name, rest[i]!]));
    return f(x!, given as W, rest.slice(names.length));
  };
  return checkpoint(again, [x, ...(Object.values(weights) as Tensor[]), ...others]) as Result;
}
