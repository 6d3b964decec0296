// Input k draws every token from softmax(weights[k]).
import { gather, logSoftmax, memory, reshape, type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, expect, test } from "vitest";
import type { Completions } from "./completion-mask.ts";
import { orderContrast } from "./order-contrast.ts";
import { contrastDefaults, presets } from "./presets.ts";
import type { Prompt } from "./prompt.ts";
import type { RolloutGroup, ScoredRollout } from "./rollout.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

const weights = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [0.5, -1, 4, 0],
];
const logSum = (row: readonly number[]) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
const logp = (input: number, token: number) => weights[input]![token]! - logSum(weights[input]!);

const asked: { inputs: readonly number[]; promptOf: number[]; lengths: number[] }[] = [];
const policy = {
  logprobs(inputs: readonly number[], { ids, lengths, promptOf }: Completions): { logps: Tensor2D } {
    asked.push({ inputs, promptOf: [...promptOf], lengths: [...lengths] });
    return tidy(() => {
      const width = ids.length / lengths.length;
      const flat = [...ids].map((id, i) => inputs[promptOf[Math.floor(i / width)]!]! * 4 + id);
      const table = reshape(logSoftmax(tensor2d(weights)), [-1]);
      return { logps: reshape(gather(table, tensor1d(flat, "int32")), [lengths.length, width]) };
    });
  },
};

const options = { ...presets.neurips, temporal: contrastDefaults };
type Measured = Pick<ScoredRollout, "completionIds" | "accuracy" | "format" | "contrast">;
const rollout = (accuracy: number, ...ids: number[]): Measured => ({
  completionIds: Int32Array.from(ids),
  accuracy,
  format: 1,
});
const video = (...ordered: Measured[]): RolloutGroup<Measured> => ({ kind: "video", ordered, shuffled: [] });

test("the sum over a completion's own tokens of what the frames in order add to its log-likelihood", async () => {
  asked.length = 0;
  const before = memory().numTensors;
  const groups = [
    video(rollout(1, 3, 3, 0), rollout(0, 3), rollout(1, 1)),
    video(rollout(0, 2), rollout(0, 1)), // nothing correct: not asked
    { kind: "image", ordered: [rollout(1, 2)] } as const,
    video(rollout(1, 2, 0)),
  ];
  const prompts: Prompt<number>[] = [
    { id: "a", kind: "video", ordered: 0, permuted: 1 },
    { id: "b", kind: "video", ordered: 2 },
    { id: "c", kind: "image", ordered: 1 },
    { id: "d", kind: "video", ordered: 2, permuted: 2 }, // identical frames
  ];
  const measured = await orderContrast(policy, prompts, groups, options);
  expect(memory().numTensors, "tensors left behind").toBe(before);

  const lengths = [3, 1, 3, 1, 2, 2]; // in order and permuted are rows of one pass
  expect(asked).toEqual([{ inputs: [0, 1, 2, 2], promptOf: [0, 0, 1, 1, 2, 3], lengths }]);
  const expected = 2 * (logp(0, 3) - logp(1, 3)) + logp(0, 0) - logp(1, 0);
  expect(measured[0]!.ordered.map(({ contrast }) => contrast)).toEqual([
    expect.closeTo(expected, 5),
    undefined, // wrong
    expect.closeTo(logp(0, 1) - logp(1, 1), 5),
  ]);
  expect(measured[3]!.ordered[0]!.contrast).toBe(0);
  for (const i of [1, 2]) expect(measured[i]).toEqual(groups[i]);
});

test("other kinds of temporal reward, and steps without a correct completion, ask nothing", async () => {
  asked.length = 0;
  const wrong = [video(rollout(0, 3))];
  const right = [video(rollout(1, 3))];
  const prompts: Prompt<number>[] = [{ id: "a", kind: "video", ordered: 0, permuted: 1 }];
  expect(await orderContrast(policy, prompts, right, presets.neurips)).toEqual(right);
  expect(await orderContrast(policy, prompts, wrong, options)).toEqual(wrong);
  expect(asked).toEqual([]);
});

test("what is missing is named", async () => {
  const right = [video(rollout(1, 3))];
  await expect(orderContrast(policy, [{ id: "a", kind: "video", ordered: 0 }], right, options)).rejects.toThrow(
    /prompt a needs `permuted`/,
  );
});

test("a clip that is the same in the other order has a contrast of 0, and no pass of the policy", async () => {
  asked.length = 0;
  const noisy = { logprobs: () => expect.unreachable() };
  const prompts: Prompt<number>[] = [{ id: "a", kind: "video", ordered: 0, permuted: 1, isSymmetric: true }];
  const measured = await orderContrast(noisy, prompts, [video(rollout(1, 3), rollout(0, 2))], options);
  expect(measured[0]!.ordered.map(({ contrast }) => contrast)).toEqual([0, undefined]);
});
