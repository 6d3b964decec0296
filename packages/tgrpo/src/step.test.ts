// A bandit: one completion token out of four, drawn from softmax(weights[input]); token 3 ends a completion.
import {
  gather,
  logSoftmax,
  memory,
  mul,
  oneHot,
  reshape,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TgrpoOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import { batchSize, policyGradients } from "./policy-gradients.ts";
import { contrastDefaults, presets } from "./presets.ts";
import { type Prompt, sampleGroups } from "./sample-groups.ts";
import { tgrpoStep } from "./step.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

const vocabulary = 4;
const inputCount = 3;
let weights: Variable;
let before: number;
beforeEach(() => {
  before = memory().numTensors;
  weights = tidy(() => variable(zeros([inputCount, vocabulary]), true, "weights"));
});
afterEach(() => {
  weights.dispose();
  expect(memory().numTensors, "tensors left behind").toBe(before);
});

const options: TgrpoOptions = { ...presets.neurips, loss: { ...presets.neurips.loss, beta: 0 } };

/** Draws token (row + draws so far) % 4, so that each call is known. */
function bandit(logps = false): Policy<number> & { asked: number[][] } {
  const asked: number[][] = [];
  return {
    asked,
    async generate(inputs, counts) {
      asked.push([...inputs], [...counts]);
      const promptOf = inputs.flatMap((_, i) => Array<number>(counts[i]!).fill(i));
      const sequences = promptOf.map((_, row) => Int32Array.of(row % vocabulary));
      return {
        sequences,
        promptOf,
        ...(logps && { logps: sequences.map(() => Float32Array.of(Math.log(1 / vocabulary))) }),
      };
    },
    logprobs(inputs, { ids, promptOf }) {
      const rows = Int32Array.from(promptOf, (prompt) => inputs[prompt]!);
      return tidy(() => {
        const logits = gather(weights as Variable & Tensor2D, tensor1d(rows, "int32"));
        const chosen = oneHot(tensor1d(ids, "int32"), vocabulary);
        return reshape(sum<Tensor1D>(mul(logSoftmax(logits), chosen), 1), [rows.length, 1]);
      });
    },
  };
}

const image = (input: number): Prompt<number> => ({ kind: "image", ordered: input });
const video = (ordered: number, permuted: number): Prompt<number> => ({ kind: "video", ordered, permuted });
const score = (ids: Int32Array) => ({ accuracy: Number(ids[0] === 1), format: 1 });
const gradientsOf = (f: Parameters<typeof valueAndGrads>[0]) => valueAndGrads(f, { weights });

describe("sampleGroups", () => {
  test("asks for G ordered and G/2 shuffled completions in one call", async () => {
    const policy = bandit();
    const groups = await sampleGroups(policy, [video(0, 1), image(2)], score, options);
    expect(policy.asked).toEqual([
      [0, 1, 2],
      [8, 4, 8],
    ]);
    expect(groups.map(({ kind, ordered }) => [kind, ordered.length])).toEqual([
      ["video", 8],
      ["image", 8],
    ]);
    expect(groups[0]).toHaveProperty("shuffled.length", 4);
    expect(groups[0]!.ordered.map(({ accuracy }) => accuracy)).toEqual([0, 1, 0, 0, 0, 1, 0, 0]);
  });

  test("without the temporal reward no shuffled half is sampled", async () => {
    const policy = bandit();
    const plain: TgrpoOptions = { ...options, temporal: { kind: "none" } };
    const [group] = await sampleGroups(policy, [video(0, 1)], score, plain);
    expect(policy.asked).toEqual([[0], [8]]);
    expect(group).toHaveProperty("shuffled.length", 0);
  });

  test("a policy that returns too few completions is caught", async () => {
    const policy = { generate: async () => ({ sequences: [Int32Array.of(1)], promptOf: [0] }) };
    await expect(sampleGroups(policy, [image(0)], score, options)).rejects.toThrow(
      /returned 1 completions of input 0, 8 were asked for/,
    );
  });

  test.each([
    [{ numGenerations: 1 }, /numGenerations=1 must be at least 2/],
    [{ shuffledFraction: 0.1 }, /shuffledFraction=0.1\) must be at least 1/],
  ])("%o is refused", async (change, message) => {
    await expect(sampleGroups(bandit(), [video(0, 1)], score, { ...options, ...change })).rejects.toThrow(message);
  });
});

describe("tgrpoStep", () => {
  test("gradients are those of the mean advantage-weighted log-probability", async () => {
    const { grads, metrics, scored } = await tgrpoStep({
      policy: bandit(),
      prompts: [video(0, 1)],
      score,
      options,
      valueAndGrads: gradientsOf,
    });
    const advantages = scored[0]!.score.advantages;
    const byToken = Array<number>(vocabulary).fill(0);
    for (const [i, advantage] of advantages.entries()) byToken[i % vocabulary]! -= advantage / 8; // sum A = 0: the softmax term vanishes
    const gradient = grads.weights!.dataSync();
    for (const [token, expected] of byToken.entries()) expect(gradient[token]!).toBeCloseTo(expected, 5);
    expect([...gradient.slice(vocabulary)]).toEqual(Array(2 * vocabulary).fill(0)); // the shuffled input is not trained on
    expect(metrics["reward/accuracy"]).toBe(0.25);
    expect(metrics["temporal/gap"]).toBe(0);
    grads.weights!.dispose();
  });

  test("order contrast pays what the permuted input makes unlikely, and samples no other answers", async () => {
    tidy(() => weights.assign(tensor2d([4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0], [inputCount, vocabulary])));
    const policy = bandit();
    const recorded = Math.log(Math.exp(4) / (Math.exp(4) + 3)); // token 0 under input 0
    const temporal = { ...contrastDefaults, tau: 1, clip: 0 };
    const { grads, scored, metrics } = await tgrpoStep({
      policy: {
        ...policy,
        async generate(inputs, counts) {
          const generation = await policy.generate(inputs, counts);
          return { ...generation, logps: generation.sequences.map(() => Float32Array.of(recorded)) };
        },
      },
      prompts: [video(0, 1)],
      score: (ids) => ({ accuracy: Number(ids[0] === 0), format: 1 }),
      options: { ...options, temporal },
      valueAndGrads: gradientsOf,
    });
    expect(policy.asked).toEqual([[0], [8]]);
    expect(scored[0]!.score.temporal.bonus).toEqual([0.3, 0, 0, 0, 0.3, 0, 0, 0]);
    expect(metrics["contrast/delta"]).toBeCloseTo(4, 5);
    expect(metrics["contrast/paid"]).toBeCloseTo(0.3, 12);
    grads.weights!.dispose();
  });

  test("learns the rewarded token", async () => {
    for (let step = 0; step < 20; step++) {
      const { grads } = await tgrpoStep({
        policy: bandit(),
        prompts: [image(0)],
        score,
        options,
        valueAndGrads: gradientsOf,
      });
      tidy(() => weights.assign(sub(weights, grads.weights!)));
      grads.weights!.dispose();
    }
    const row = [...weights.dataSync().slice(0, vocabulary)];
    expect(row.indexOf(Math.max(...row))).toBe(1);
  });

  test.each(["sequence", "token", "constant"] as const)(
    "parts of one prompt give the gradients of the whole, %s",
    async (lossReduction) => {
      const reference = bandit();
      const args = {
        policy: bandit(true),
        reference: {
          logprobs: (inputs: readonly number[], completions: Parameters<typeof reference.logprobs>[1]) =>
            tidy(() => mul<Tensor2D>(reference.logprobs(inputs, completions), 1.5)),
        },
        prompts: [video(0, 1), image(1), image(2)],
        score,
        options: { ...options, loss: { ...options.loss, beta: 0.04, epsilonLow: 0.2, lossReduction } },
        valueAndGrads: gradientsOf,
      };
      const whole = await tgrpoStep(args);
      const parts = await tgrpoStep({ ...args, promptsPerPart: 1 });
      for (const name of ["loss", "kl", "clipFraction"] as const)
        expect(parts.metrics[name]).toBeCloseTo(whole.metrics[name]!, 6);
      const [a, b] = [whole, parts].map(({ grads }) => grads.weights!.dataSync());
      for (const [i, value] of a!.entries()) expect(b![i]!).toBeCloseTo(value, 6);
      expect(whole.metrics.kl).toBeGreaterThan(0);
      whole.grads.weights!.dispose();
      parts.grads.weights!.dispose();
    },
  );

  test("workers that know the size of the whole batch compute gradients that add up to the whole's", async () => {
    const loss = { ...options.loss, lossReduction: "token" } as const;
    const args = { policy: bandit(), score, options: { ...options, loss }, valueAndGrads: gradientsOf };
    const whole = await tgrpoStep({ ...args, prompts: [image(0), image(1), image(2)] });
    const batch = batchSize(whole.scored.map(({ group }) => group));
    expect(batch).toEqual({ rows: 24, tokens: 24 });
    const sum = new Float32Array(inputCount * vocabulary);
    for (const part of [whole.scored.slice(0, 1), whole.scored.slice(1)]) {
      const { grads } = await policyGradients({ ...args, scored: part, loss, batch });
      for (const [i, value] of grads.weights!.dataSync().entries()) sum[i]! += value;
      grads.weights!.dispose();
    }
    for (const [i, value] of whole.grads.weights!.dataSync().entries()) expect(sum[i]!).toBeCloseTo(value, 6);
    expect(sum.some((value) => value !== 0)).toBe(true);
    whole.grads.weights!.dispose();
  });

  test("a second update uses the log-probabilities recorded in sampling", async () => {
    const clipped = { ...options, loss: { ...options.loss, epsilonLow: 0.2 } };
    const { grads, scored } = await tgrpoStep({
      policy: bandit(true),
      prompts: [image(0)],
      score,
      options: clipped,
      valueAndGrads: gradientsOf,
    });
    tidy(() =>
      weights.assign(
        tensor2d([
          [0, 3, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ]),
      ),
    );
    const second = await policyGradients({ policy: bandit(), scored, loss: clipped.loss, valueAndGrads: gradientsOf });
    expect(second.metrics.clipFraction).toBe(1); // good token far more likely, bad ones far less: all ratios are clipped
    for (const value of second.grads.weights!.dataSync()) expect(value).toBeCloseTo(0, 6);
    grads.weights!.dispose();
    second.grads.weights!.dispose();
  });

  test("the clipped loss without recorded log-probabilities names what is missing", async () => {
    const clipped = { ...options, loss: { ...options.loss, epsilonLow: 0.2 } };
    const step = tgrpoStep({
      policy: bandit(),
      prompts: [image(0)],
      score,
      options: clipped,
      valueAndGrads: gradientsOf,
    });
    await expect(step).rejects.toThrow(
      /a rollout has 0 log-probabilities for 1 tokens; .* let Policy.generate return logps/,
    );
  });
});
