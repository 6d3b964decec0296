// A bandit: one completion token out of four, drawn from softmax(weights[input]).
import {
  gather,
  logSoftmax,
  mul,
  oneHot,
  reshape,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { Policy } from "../src/policy.ts";
import type { Sampler } from "../src/sampler.ts";

export const vocabulary = 4;
export const inputCount = 3;

/** A sampler that draws token (row + draws so far) % 4, so that each call is known. */
export function countingSampler(logp?: number): Sampler<number> & { asked: [string, number][] } {
  const asked: [string, number][] = [];
  return {
    asked,
    async generate(requests) {
      let row = 0;
      return requests.map(({ promptId, order, count }) => {
        asked.push([`${promptId}/${order}`, count]);
        const completions = Array.from({ length: count }, () => ({
          completionIds: Int32Array.of(row++ % vocabulary),
          ...(logp !== undefined && { logps: Float32Array.of(logp) }),
        }));
        return { completions, policyVersion: 7 };
      });
    },
  };
}

export function banditPolicy(weights: Variable, scale = 1): Policy<number> {
  return {
    logprobs(inputs, { ids, promptOf }) {
      const rows = Int32Array.from(promptOf, (prompt) => inputs[prompt]!);
      return tidy(() => {
        const logits = gather(weights as Variable & Tensor2D, tensor1d(rows, "int32"));
        const chosen = oneHot(tensor1d(ids, "int32"), vocabulary);
        const logps = mul(sum<Tensor1D>(mul(logSoftmax(logits), chosen), 1), scale);
        return { logps: reshape(logps, [rows.length, 1]) as Tensor2D };
      });
    },
  };
}
