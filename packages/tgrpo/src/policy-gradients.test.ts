import { memory, sub, type Tensor2D, tensor2d, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { banditPolicy, countingSampler, inputCount, vocabulary } from "../test/bandit.ts";
import { batchSize, policyGradients, type TrainedGroup } from "./policy-gradients.ts";
import { TgrpoOptions } from "./presets.ts";
import type { Prompt } from "./prompt.ts";
import { withOldLogps, withReferenceLogps } from "./reference-logps.ts";
import type { WeighedGroup } from "./rollout.ts";
import { sampleAndScore } from "./sample-and-score.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

let weights: Variable & Tensor2D;
let before: number;
beforeEach(() => {
  before = memory().numTensors;
  weights = tidy(() => variable(zeros([inputCount, vocabulary]), true, "weights")) as Variable & Tensor2D;
});
afterEach(() => {
  weights.dispose();
  expect(memory().numTensors, "tensors left behind").toBe(before);
});

const image = (input: number): Prompt<number> => ({ id: `image-${input}`, kind: "image", ordered: input });
const video: Prompt<number> = { id: "video", kind: "video", ordered: 0, permuted: 1 };
const gradientsOf = (f: Parameters<typeof valueAndGrads>[0]) => valueAndGrads(f, { weights });
const options = TgrpoOptions.parse({});

/** Groups in which token 1 is right. */
async function groupsOf(prompts: Prompt<number>[], logp?: number): Promise<TrainedGroup<number>[]> {
  const groups = await sampleAndScore({
    prompts,
    sampler: countingSampler(logp),
    scorer: async (completions) =>
      completions.map(({ completionIds }) => ({ text: "", accuracy: Number(completionIds[0] === 1), format: 1 })),
    policy: banditPolicy(weights),
    options,
  });
  return groups.map((group, i) => ({ input: prompts[i]!.ordered, group: group as WeighedGroup }));
}

const update = (groups: TrainedGroup<number>[], change: object = {}) =>
  policyGradients({ policy: banditPolicy(weights), groups, options, valueAndGrads: gradientsOf, ...change });

const uniform = Math.log(1 / vocabulary);

test("gradients are those of the mean advantage-weighted log-probability", async () => {
  const groups = await groupsOf([video]);
  const { grads, metrics } = await update(groups);
  const byToken = Array<number>(vocabulary).fill(0);
  for (const [i, { advantage }] of groups[0]!.group.ordered.entries()) byToken[i % vocabulary]! -= advantage / 8; // sum A = 0: the softmax term vanishes
  const gradient = grads.weights!.dataSync();
  for (const [token, expected] of byToken.entries()) expect(gradient[token]!).toBeCloseTo(expected, 5);
  expect([...gradient.slice(vocabulary)]).toEqual(Array(2 * vocabulary).fill(0)); // the shuffled input is not trained on
  expect(Object.keys(metrics)).toEqual(["loss"]);
  grads.weights!.dispose();
});

test("learns the rewarded token", async () => {
  for (let step = 0; step < 20; step++) {
    const { grads } = await update(await groupsOf([image(0)]));
    tidy(() => weights.assign(sub(weights, grads.weights!)));
    grads.weights!.dispose();
  }
  const row = [...weights.dataSync().slice(0, vocabulary)];
  expect(row.indexOf(Math.max(...row))).toBe(1);
});

test.each(["sequence", "token", "constant"] as const)(
  "parts that know the size of the whole batch add up to the whole, %s",
  async (reduction) => {
    const sampled = await groupsOf([video, image(1), image(2)], uniform);
    const groups = await withReferenceLogps(banditPolicy(weights, 1.5), sampled);
    const batch = batchSize(groups.map(({ group }) => group));
    expect(batch).toEqual({ rows: 24, tokens: 24 });
    const loss = { ...options.loss, reduction, iterations: 2 };
    const change = { options: { ...options, loss }, batch };
    const whole = await update(groups, change);
    const sum = new Float32Array(inputCount * vocabulary);
    const metrics = { loss: 0, kl: 0, clipFraction: 0 };
    for (const part of [groups.slice(0, 1), groups.slice(1)]) {
      const { grads, metrics: share } = await update(part, change);
      for (const [i, value] of grads.weights!.dataSync().entries()) sum[i]! += value;
      for (const name of ["loss", "kl", "clipFraction"] as const) metrics[name] += share[name]!;
      grads.weights!.dispose();
    }
    for (const [i, value] of whole.grads.weights!.dataSync().entries()) expect(sum[i]!).toBeCloseTo(value, 6);
    for (const name of ["loss", "kl", "clipFraction"] as const)
      expect(metrics[name]).toBeCloseTo(whole.metrics[name]!, 6);
    expect(sum.some((value) => value !== 0)).toBe(true);
    expect(whole.metrics.kl).toBeGreaterThan(0);
    whole.grads.weights!.dispose();
  },
);

test("the policy's entropy is a mean over tokens", async () => {
  const policy = banditPolicy(weights);
  const withEntropy: typeof policy = {
    logprobs: (inputs, completions) => ({
      ...policy.logprobs(inputs, completions),
      entropy: tensor2d([...completions.lengths].map((_, row) => [row])),
    }),
  };
  const { grads, metrics } = await update(await groupsOf([image(0)]), { policy: withEntropy });
  expect(metrics.entropy).toBeCloseTo(3.5, 6);
  grads.weights!.dispose();
});

test("a second update uses the log-probabilities recorded in sampling", async () => {
  const groups = await groupsOf([image(0)], uniform);
  const rows = [
    [0, 3, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  tidy(() => weights.assign(tensor2d(rows)));
  const loss = { ...options.loss, iterations: 2 };
  const { grads, metrics } = await update(groups, { options: { ...options, loss } });
  expect(metrics.clipFraction).toBe(1); // good token far more likely, bad ones far less: all ratios are clipped
  for (const value of grads.weights!.dataSync()) expect(value).toBeCloseTo(0, 6);
  grads.weights!.dispose();
});

test.each([
  ["token_truncate", 1.2, 1.2],
  ["sequence_truncate", 1.2, 1.2],
  ["token_mask", 3, Math.exp(0.5)],
  ["sequence_mask", 3, Math.exp(0.5)],
] as const)("weights of a single update come of its own pass: %s", async (mode, clipMax, weight) => {
  const groups = await groupsOf([image(0), image(1)], uniform - 0.5); // the sampler gave each token less
  const loss = { ...options.loss, importanceSampling: { mode, clipMax } };
  const plain = await update(groups);
  const own = await update(groups, { options: { ...options, loss } });
  const before = await update(await withOldLogps(banditPolicy(weights), groups), { options: { ...options, loss } });
  for (const [i, value] of plain.grads.weights!.dataSync().entries())
    expect(own.grads.weights!.dataSync()[i]!).toBeCloseTo(weight * value, 6);
  expect(before.grads.weights!.dataSync()).toEqual(own.grads.weights!.dataSync());
  expect(before.mismatch).toEqual(own.mismatch);
  expect(own.mismatch).toMatchObject({ tokens: 16, weights: 16, cut: weight === clipMax ? 16 : 0 });
  expect(plain.mismatch!.weightSum).toBeCloseTo(16 * Math.exp(0.5), 4);
  for (const { grads } of [plain, own, before]) grads.weights!.dispose();
});

test.each([
  [{ iterations: 2 }, {}, undefined, /importance weights beside a clipped ratio need oldLogps/],
  [{}, { temperature: 0.7 }, undefined, /importance weights at temperature 0.7/],
  [{}, {}, "no logps", /0 log-probabilities for 1 tokens/],
])("weights that cannot be told are an error: %j %j %s", async (loss, rollout, without, message) => {
  const groups = await groupsOf([image(0)], without ? undefined : uniform);
  const weighed = { ...options.loss, importanceSampling: { mode: "sequence_mask", clipMax: 3 }, ...loss };
  const change = { options: { loss: weighed, rollout: { ...options.rollout, ...rollout } } };
  await expect(update(groups, change)).rejects.toThrow(message);
});

test("what is missing is named", async () => {
  const groups = await groupsOf([image(0)]);
  const clipped = { options: { ...options, loss: { ...options.loss, iterations: 2 } } };
  await expect(update(groups, clipped)).rejects.toThrow(
    /a rollout has 0 log-probabilities for 1 tokens; .* let the sampler return logps/,
  );
  const [first, ...others] = groups[0]!.group.ordered;
  const mixed = [{ input: 0, group: { ordered: [{ ...first!, refLogps: Float32Array.of(0) }, ...others] } }];
  await expect(update(mixed)).rejects.toThrow(/1 of 8 rollouts have reference log-probabilities/);
});

test("where the policy throws inside the gradient, nothing is left behind", async () => {
  const policy = {
    logprobs: () => {
      throw new RangeError("no memory");
    },
  };
  await expect(update(await groupsOf([image(0)]), { policy })).rejects.toThrow("no memory");
});

test.each(["sequence", "token", "constant"] as const)(
  "a masked truncated completion pulls nothing, %s",
  async (reduction) => {
    const [trained] = await groupsOf([image(0)]);
    const { ordered } = trained!.group;
    const groupWith = (change: object) => {
      return [
        { input: 0, group: { ordered: ordered.map((rollout, i) => (i === 1 ? { ...rollout, ...change } : rollout)) } },
      ];
    };
    const lossOf = (maskTruncated: boolean) => ({
      ...options,
      loss: { ...options.loss, beta: 0, reduction, maskTruncated },
    });
    const tokens = ordered.reduce((sum, { completionIds }, i) => sum + (i === 1 ? 0 : completionIds.length), 0);
    const batch = { rows: ordered.length, tokens };
    const masked = await update(groupWith({ isTruncated: true }), { options: lossOf(true) });
    const without = await update(groupWith({ advantage: 0 }), { options: lossOf(false), batch });
    const own = await update(groupWith({ isTruncated: true }), { options: lossOf(false), batch });
    const [a, b, c] = [masked, without, own].map(({ grads }) => grads.weights!.dataSync());
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    for (const { grads } of [masked, without, own]) grads.weights!.dispose();
  },
);
