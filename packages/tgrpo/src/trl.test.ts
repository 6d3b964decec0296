/** T-GRPO without its bonuses is TRL's GRPO: advantages, loss, its gradient and metrics of every option that both have. */
import { type Tensor2D, tensor2d, type Variable, variable } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import golden from "../test/golden/trl-grpo.json" with { type: "json" };
import { scaleByBatch } from "./batch-scale.ts";
import { resolveScores } from "./given-scores.ts";
import type { MetricName } from "./metrics.ts";
import { mismatchMetrics } from "./mismatch.ts";
import type { ImportanceSamplingOptions, LossOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import { policyGradients, type TrainedGroup } from "./policy-gradients.ts";
import { TgrpoOptions } from "./presets.ts";
import type { Rollout, ScoredRollout, WeighedGroup } from "./rollout.ts";
import { weighGroup } from "./weigh-group.ts";

type Case = (typeof golden.cases)[number];
type Step = Case["steps"][number] & {
  old_per_token_logps?: number[][];
  ref_per_token_logps?: number[][];
  /** null: unknown */
  sampling_per_token_logps?: (number | null)[][];
};
interface SamplerOptions {
  vllm_importance_sampling_mode?: ImportanceSamplingOptions["mode"];
  vllm_importance_sampling_clip_max?: number | null;
}

const { tolerance } = golden;
const { cases } = golden;

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

function expectClose(actual: readonly number[], expected: readonly number[], within: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `element ${i}: ${actual[i]} against ${value}`).toBeLessThanOrEqual(within);
}

const reductions = { grpo: "sequence", bnpo: "token", dapo: "token", dr_grpo: "constant" } as const;

function optionsOf({ options }: Case): TgrpoOptions {
  const [accuracy, format] = options.reward_weights;
  const { vllm_importance_sampling_mode: mode, vllm_importance_sampling_clip_max: clipMax = null } =
    options as SamplerOptions;
  return TgrpoOptions.parse({
    rollout: { numGenerations: options.num_generations, maxCompletionLength: options.max_completion_length },
    tgrpo: {
      temporal: "none",
      length: { enabled: false },
      weights: { accuracy, format },
      leaveOut: "withoutReward",
      advantage: { scale: options.scale_rewards === "group" ? "std" : options.scale_rewards },
    },
    loss: {
      beta: options.beta,
      klClamp: 1e3, // TRL has no clamp
      epsilonLow: options.epsilon,
      epsilonHigh: options.epsilon_high ?? options.epsilon,
      iterations: options.num_iterations,
      ...(mode && { importanceSampling: { mode, clipMax } }),
      importanceSamplingLevel: options.importance_sampling_level,
      ...(options.delta !== null && { delta: options.delta }),
      useBiasCorrectionKl: options.use_bias_correction_kl,
      maskTruncated: options.mask_truncated_completions,
      reduction: reductions[options.loss_type as keyof typeof reductions],
    },
  });
}

/** Tokens of each padded row; id 0 is padding, 1 the end token. */
const lengthsOf = ({ completion_ids }: Step): number[] =>
  completion_ids.map((ids) => (ids.includes(0) ? ids.indexOf(0) : ids.length));

function groupOf(step: Step): TrainedGroup<number> {
  const lengths = lengthsOf(step);
  const rowOf = (rows: readonly (number | null)[][], i: number) =>
    Float32Array.from(rows[i]!.slice(0, lengths[i]), (logp) => logp ?? Number.NaN);
  const { old_per_token_logps: old, sampling_per_token_logps: sampling } = step;
  const ordered = step.completion_ids.map((ids, i): Rollout => {
    const completionIds = Int32Array.from(ids.slice(0, lengths[i]));
    return {
      id: String(i),
      policyVersion: 0,
      text: "",
      accuracy: 0,
      format: 0,
      temporalBonus: 0,
      lengthBonus: 0,
      reward: 0,
      advantage: step.advantages[i]!,
      completionIds,
      isTruncated: !completionIds.includes(1),
      ...(old && (sampling ? { oldLogps: rowOf(old, i), logps: rowOf(sampling, i) } : { logps: rowOf(old, i) })),
      ...(step.ref_per_token_logps && { refLogps: rowOf(step.ref_per_token_logps, i) }),
    };
  });
  return { input: 0, group: { ordered } };
}

/** A policy that gives the recorded log-probabilities and entropies. */
function recordedPolicy(logps: Variable, { entropy }: Step): Policy<number> {
  return { logprobs: () => ({ logps: logps.clone() as Tensor2D, entropy: tensor2d(entropy) }) };
}

/** Tokens that the loss counts. */
function tokensOf(step: Step, { maskTruncated }: Pick<LossOptions, "maskTruncated">): number {
  const lengths = lengthsOf(step).map((length, i) =>
    maskTruncated && !step.completion_ids[i]!.includes(1) ? 0 : length,
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}

async function evaluate(c: Case, step: Step) {
  const options = optionsOf(c);
  const parts = c.options.gradient_accumulation_steps;
  const own = tokensOf(step, options.loss);
  const batch = {
    rows: parts * step.completion_ids.length,
    tokens: parts > 1 ? step.num_items_in_batch : own,
  };
  const logps = variable(tensor2d(step.logps), true, `logps of ${c.name}`);
  const { grads, metrics, mismatch } = await policyGradients({
    policy: recordedPolicy(logps, step),
    groups: [groupOf(step)],
    options,
    batch,
    valueAndGrads: (f) => valueAndGrads(f, { logps }),
  });
  const gradient = [...(grads.logps!.dataSync() as Float32Array)];
  grads.logps!.dispose();
  logps.dispose();
  return { gradient, metrics, mismatch, share: own / batch.tokens };
}

describe(`loss, gradient and metrics of TRL ${golden.source.recordedWith.trl}`, () => {
  const steps = cases.flatMap((c) => c.steps.map((step, i) => ({ name: `${c.name}, ${i}`, c, step: step as Step })));
  test.each(steps)("$name", async ({ c, step }) => {
    const { gradient, metrics, mismatch, share } = await evaluate(c, step);
    expectClose([metrics.loss!], [step.loss], tolerance.loss);
    expectClose(gradient, step.grad_logps.flat(), tolerance.grad_logps);
    const { kl, entropy, "clip_ratio/region_mean": clipped } = step.metrics as Record<string, number>;
    expectClose([metrics.entropy! / share], [entropy!], tolerance.metrics);
    if (kl !== undefined) expectClose([metrics.klOverTokens! / share], [kl], tolerance.metrics);
    for (const [name, value] of Object.entries(step.metrics).filter(([name]) => name.startsWith("sampling/"))) {
      const camelCased = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as MetricName;
      expectClose([mismatchMetrics([mismatch!])[camelCased]!], [value], tolerance.metrics);
    }
    if (c.options.num_iterations > 1) expectClose([metrics.clipFraction! / share], [clipped!], tolerance.metrics);
  });

  test("a sampler is corrected for in every mode, with weights cut, and with a log-probability that is unknown", () => {
    const ofSampler = cases.filter(({ options }) => "vllm_importance_sampling_mode" in options);
    const modes = ofSampler.map(({ options }) => (options as SamplerOptions).vllm_importance_sampling_mode);
    expect(new Set(modes).size).toBe(4);
    const weights = ofSampler.flatMap(({ steps }) => steps.map((step) => step.metrics as Record<string, number>));
    const least = weights.flatMap((metrics) => metrics["sampling/importance_sampling_ratio/min"] ?? []);
    expect(least.filter((weight) => weight === 0).length).toBe(2); // masked by token, by sequence
    const logps = ofSampler.flatMap(({ steps }) => (steps as Step[]).map((step) => step.sampling_per_token_logps!));
    expect(logps.flat(2).filter((logp) => logp === null).length).toBe(2); // in both updates of one case
  });

  test("the cases clip, mask and have a reference, so that each option was seen", () => {
    const share = (name: string) => steps.map(({ step }) => (step.metrics as Record<string, number>)[name] ?? 0);
    expect(Math.max(...share("clip_ratio/region_mean"))).toBeGreaterThan(0.1);
    expect(Math.max(...share("kl"))).toBeGreaterThan(0.005);
    expect(cases.filter(({ options }) => options.mask_truncated_completions).length).toBe(3);
  });
});

describe("advantages", () => {
  test.each(cases)("$name", (c) => {
    const { accuracy, format } = c.rewards;
    const G = c.options.num_generations;
    const { tgrpo } = optionsOf(c);
    const recorded = c.steps.slice(0, c.options.gradient_accumulation_steps).flatMap(({ advantages }) => advantages);
    const groups = Array.from({ length: accuracy.length / G }, (_, g) => {
      const rows = [...Array(G).keys()].map((k) => g * G + k);
      const ordered = rows.flatMap((i): ScoredRollout[] => {
        const scores = resolveScores({ accuracy: accuracy[i]!, format: format[i]! }, tgrpo);
        if ("failed" in scores) return [];
        return [{ id: String(i), policyVersion: 0, text: "", completionIds: Int32Array.of(1), ...scores }];
      });
      return weighGroup({ promptId: String(g), kind: "image", ordered, failed: [] }, tgrpo) as WeighedGroup;
    });
    const rollouts = scaleByBatch(groups, tgrpo).flatMap(({ ordered }) => ordered);
    const found = new Map(rollouts.map(({ id, advantage }) => [id, advantage]));
    const advantages = recorded.map((_, i) => found.get(String(i)) ?? 0); // TRL gives what it leaves out 0
    expectClose(advantages, recorded, tolerance.advantages);
    expect(accuracy.length).toBe(recorded.length);
  });

  test("one case has an answer that no function scored", () => {
    const { rewards, ...c } = cases.find(({ name }) => name === "unscorable")!;
    const given = { accuracy: rewards.accuracy[1]!, format: rewards.format[1]! };
    expect(resolveScores(given, optionsOf({ ...c, rewards } as Case).tgrpo)).toHaveProperty("isLeftOut", true);
  });
});
