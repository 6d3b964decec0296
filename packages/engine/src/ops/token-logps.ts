// Shape suffixes: T tokens (C of them in a chunk), d hidden size, V vocabulary.
import {
  add,
  concat,
  customGrad,
  exp,
  expandDims,
  logSoftmax,
  matMul,
  mul,
  neg,
  oneHot,
  reshape,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";
import { isFrozen } from "../frozen.ts";
import { hasKernel, runKernel } from "../fused.ts";

export interface TokenLogpsOptions {
  /** Rows of logits that exist at a time. */
  chunkSize?: number;
  /** Logits are divided by it. */
  temperature?: number;
}

export interface TokenLogps {
  /** [T] log p(ids[t] | hidden[t]), in nats. */
  logps: Tensor1D;
  /** [T] entropy of the distribution, in nats; data, no gradient flows through it. */
  entropy: Tensor1D;
}

/**
 * log softmax(hidden W^T / temperature)[ids], and the entropy, by chunks of rows: the [T, V] logits never exist whole
 * and are computed again in the backward pass. Gradients flow to `hidden` and, unless it is frozen, `weight` through `logps`.
 *
 * @param hidden - [T, d].
 * @param weight - [V, d].
 * @param ids - int32 [T], in [0, V).
 * @throws {RangeError} If the shapes do not fit.
 */
export function tokenLogps(
  hidden: Tensor2D,
  weight: Tensor2D,
  ids: Tensor1D,
  options: TokenLogpsOptions = {},
): TokenLogps {
  if (hidden.shape[1] !== weight.shape[1] || ids.shape[0] !== hidden.shape[0]) {
    throw new RangeError(
      `tokenLogps: hidden [T,d], weight [V,d], ids [T] do not fit: [${hidden.shape}], [${weight.shape}], [${ids.shape}]`,
    );
  }
  if (!hasKernel("TokenLogps")) return compositeTokenLogps(hidden, weight, ids, options);
  const { chunkSize = 512, temperature = 1 } = options;
  const attrs = { chunkSize, temperature, frozenWeight: isFrozen(weight) };
  const [logps, entropy] = runKernel<Tensor1D[]>("TokenLogps", { hidden, weight, ids }, attrs);
  return { logps: logps!, entropy: entropy! };
}

/** `tokenLogps` from tfjs ops. */
export function compositeTokenLogps(
  hidden: Tensor2D,
  weight: Tensor2D,
  ids: Tensor1D,
  { chunkSize = 512, temperature = 1 }: TokenLogpsOptions = {},
): TokenLogps {
  const T = hidden.shape[0];
  const starts = Array.from({ length: Math.ceil(T / chunkSize) }, (_, i) => i * chunkSize);
  const rows = <T extends Tensor>(x: T, start: number) =>
    slice(x, [start, ...x.shape.slice(1).map(() => 0)], [Math.min(chunkSize, T - start), ...x.shape.slice(1)]) as T;
  const logpsOfChunk = (hidden_Td: Tensor2D, weight_Vd: Tensor2D, start: number) =>
    logSoftmax(mul(matMul(rows(hidden_Td, start), weight_Vd, false, true), 1 / temperature)) as Tensor2D;
  const targetsOfChunk = (ids: Tensor1D, start: number) => oneHot(rows(ids, start), weight.shape[0]) as Tensor2D;

  const chunked = customGrad((...args) => {
    const [hidden_Td, weight_Vd, save] = args as [Tensor2D, Tensor2D, (tensors: Tensor[]) => void];
    save([hidden_Td, weight_Vd, ids]);
    const chunks_2C = starts.map((start) =>
      tidy(() => {
        const logps_CV = logpsOfChunk(hidden_Td, weight_Vd, start);
        return stack([sum(mul(logps_CV, targetsOfChunk(ids, start)), 1), neg(sum(mul(exp(logps_CV), logps_CV), 1))]);
      }),
    );
    const gradFunc = (dy_2T: Tensor, saved: Tensor[]) => {
      const [hidden_Td, weight_Vd, ids] = saved as [Tensor2D, Tensor2D, Tensor1D];
      const dy_T = reshape(slice(dy_2T, [0, 0], [1, T]), [T]) as Tensor1D;
      let dWeight_Vd: Tensor | undefined;
      const dHidden = starts.map((start) => {
        const [dHidden_Cd, total_Vd] = tidy(() => {
          const p_CV = exp(logpsOfChunk(hidden_Td, weight_Vd, start));
          const scale_C1 = expandDims(mul(rows(dy_T, start), 1 / temperature), 1);
          const dLogits_CV = mul(sub(targetsOfChunk(ids, start), p_CV), scale_C1) as Tensor2D;
          const partial_Vd = matMul(dLogits_CV, rows(hidden_Td, start), true, false);
          return [matMul(dLogits_CV, weight_Vd), dWeight_Vd ? add(dWeight_Vd, partial_Vd) : partial_Vd];
        }) as [Tensor2D, Tensor2D];
        dWeight_Vd?.dispose();
        dWeight_Vd = total_Vd;
        return dHidden_Cd;
      });
      return [concat(dHidden, 0), dWeight_Vd!];
    };
    return { value: concat(chunks_2C, 1), gradFunc };
  });
  return tidy(() => {
    const [logps, entropy] = unstack(chunked(hidden, weight)) as [Tensor1D, Tensor1D];
    return { logps, entropy };
  });
}
