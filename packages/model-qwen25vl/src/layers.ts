// Shape suffixes: T tokens, d hidden size, V vocabulary.

import {
  customGrad,
  type GradSaveFunc,
  gather,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { checkpoint, swiglu } from "@videor1/engine";
import { adaptedLinear, type LinearWeights } from "./adapted-linear.ts";

/**
 * Receives intermediate activations by name, for a debugger or a comparison with another implementation. They are freed when
 * the next layer has read them: clone those that are to be kept.
 */
export type Observe = (name: string, activation: Tensor) => void;

/** The weights of a gated feed-forward network; its linear layers may have biases, and an adapter's A and B. */
export type GatedMlpWeights = LinearWeights<`mlp.${"gate" | "up" | "down"}_proj`>;

/**
 * down(silu(gate(x)) * up(x)), [..., d] to [..., d].
 *
 * @param adapterScale - See `adaptedLinear`.
 */
export function gatedMlp<T extends Tensor>(x: T, w: GatedMlpWeights, adapterScale = 1): T {
  const gate = adaptedLinear(x, w, "mlp.gate_proj", adapterScale);
  const up = adaptedLinear(x, w, "mlp.up_proj", adapterScale);
  return adaptedLinear(swiglu(gate, up), w, "mlp.down_proj", adapterScale) as T;
}

/**
 * weight[ids]. The row `paddingId` gets no gradient from this op, as in torch's Embedding(padding_idx).
 *
 * @param ids - [T], in [0, V).
 * @returns [T, d].
 */
export function embedding(weight_Vd: Tensor2D, ids: Int32Array, paddingId: number | null): Tensor2D {
  const ids_T = tensor1d(ids, "int32");
  if (paddingId === null || !ids.includes(paddingId)) return gather(weight_Vd, ids_T);
  const lookUp = customGrad((...args) => {
    const [weight, save] = args as unknown as [Tensor2D, GradSaveFunc];
    save([
      ids_T,
      tensor2d(
        Float32Array.from(ids, (id) => +(id !== paddingId)),
        [ids.length, 1],
      ),
    ]);
    const gradFunc = (dy_Td: Tensor, saved: Tensor[]) => {
      const [ids_T, keep_T1] = saved as [Tensor1D, Tensor2D];
      return unsortedSegmentSum(mul(dy_Td, keep_T1), ids_T, weight_Vd.shape[0]);
    };
    return { value: gather(weight, ids_T), gradFunc };
  });
  return lookUp(weight_Vd) as Tensor2D;
}

/**
 * f(tensors), recomputed in the backward pass instead of remembered when `recompute` is set. What f makes on its way is freed
 * at its end, but for what a tape has saved: without one, a pass holds the activations of one layer.
 *
 * @param tensors - All that f uses: the backward pass finds them even if the caller's tidy has ended.
 */
export function layer<Tensors extends Record<string, Tensor | undefined>, Result extends Tensor[]>(
  recompute: boolean,
  f: (tensors: Tensors) => Result,
  tensors: Tensors,
): Result {
  if (!recompute) return tidy(() => f(tensors));
  const present = Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
  const again = (inputs: Tensor[]) => f(Object.fromEntries(present.map(([name], i) => [name, inputs[i]])) as Tensors);
  return checkpoint(
    again,
    present.map(([, tensor]) => tensor),
  ) as Result;
}
