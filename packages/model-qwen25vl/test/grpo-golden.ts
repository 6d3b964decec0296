// The golden GRPO step: one video prompt, G completions of at most C tokens, P tokens of the prompt.
import {
  clipByValue,
  exp,
  minimum,
  mul,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { Rows } from "../src/inputs.ts";
import type { Qwen25VL } from "../src/model.ts";
import { caseInputs, type GoldenCase, goldenCase, readJson } from "./golden-case.ts";

export type GrpoKind = "grpo" | "dapo" | "dr_grpo";

interface GrpoRecord {
  prompt_len: number;
  group: number;
  max_completion: number;
  eps_low: number;
  eps_high: number;
  beta: number;
  losses: Record<GrpoKind, { loss: number; grad_global_norm: number; grad_l2: Record<string, number | null> }>;
}

/** Two ways to compute the same log-probabilities: over repeated whole sequences, or with the prompt computed once. */
export const grpoForms = ["whole sequences", "shared prompt"] as const;

export interface GoldenGrpo {
  of: GoldenCase;
  losses: GrpoRecord["losses"];
  /** [G, C]. */
  logps(model: Qwen25VL, form: (typeof grpoForms)[number]): Tensor;
  /** min(ratio A, clip(ratio) A) - beta k3, weighted, as the golden README states it. */
  loss(logps: Tensor, kind: GrpoKind): Scalar;
}

export function goldenGrpo(): GoldenGrpo {
  const record = readJson<GrpoRecord>("tiny_a", "cases", "grpo_video.json");
  const of = goldenCase("tiny_a", "grpo_video");
  const { group: G, prompt_len: P, max_completion: C } = record;
  const stored = (name: string) => of.stored(name).data;
  const matrix = (name: string) => tensor2d(Array.from(stored(name)), [G, C]);
  const mask = Array.from(stored("in.completion_mask"));
  const lengths = Array.from({ length: G }, (_, g) => mask.slice(g * C, (g + 1) * C).filter((m) => m).length);

  /** Mean over the group of the per-sequence mean ("grpo"), mean over all tokens ("dapo"), sum / (G C) ("dr_grpo"). */
  function tokenWeights(kind: GrpoKind): number[] {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const denominator = { grpo: (g: number) => G * lengths[g]!, dapo: () => total, dr_grpo: () => G * C }[kind];
    return mask.map((m, i) => m / denominator(Math.floor(i / C)));
  }

  function completionIds(): Int32Array {
    const ids = stored("in.input_ids");
    return Int32Array.from({ length: G * C }, (_, i) => ids[Math.floor(i / C) * (P + C) + P + (i % C)]!);
  }

  return {
    of,
    losses: record.losses,
    logps(model, form) {
      if (form === "whole sequences")
        return slice(model.logprobs(caseInputs(of, "sequences", G)).logps, [0, P - 1], [G, C]);
      const { inputIds, attentionMask, ...vision } = caseInputs(of);
      const firstTokens = ({ data }: Rows<Int32Array>): Rows<Int32Array> => ({ data: data.slice(0, P), shape: [1, P] });
      const prompt = { ...vision, inputIds: firstTokens(inputIds), attentionMask: firstTokens(attentionMask!) };
      const completions = { ids: completionIds(), lengths: Int32Array.from(lengths), promptOf: new Int32Array(G) };
      return model.logprobs(prompt, completions).logps;
    },
    loss(logps, kind) {
      const advantages = tensor2d(Array.from(stored("in.advantages")), [G, 1]);
      const ratio = exp(sub(logps, matrix("in.old_logps")));
      const surrogate = minimum(
        mul(ratio, advantages),
        mul(clipByValue(ratio, 1 - record.eps_low, 1 + record.eps_high), advantages),
      );
      const difference = sub(matrix("in.ref_logps"), logps);
      const k3 = sub(sub(exp(difference), difference), 1);
      const perToken = sub(mul(k3, record.beta), surrogate);
      return sum(mul(perToken, tensor2d(tokenWeights(kind), [G, C])));
    },
  };
}
