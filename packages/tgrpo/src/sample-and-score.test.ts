import { memory, type Tensor2D, tensor2d, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { banditPolicy, countingSampler, inputCount, vocabulary } from "../test/bandit.ts";
import { groupMetrics } from "./metrics.ts";
import { contrastDefaults, TgrpoOptions } from "./presets.ts";
import type { Prompt } from "./prompt.ts";
import type { WeighedGroup } from "./rollout.ts";
import { isWeighed, sampleAndScore } from "./sample-and-score.ts";
import { sampleGroups } from "./sample-groups.ts";
import type { SampleRequest, Sampler } from "./sampler.ts";
import type { Scorer } from "./scorer.ts";

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

const options = TgrpoOptions.parse({});
const image = (id: string, input: number): Prompt<number> => ({ id, kind: "image", ordered: input });
const video = (id: string, ordered: number, permuted: number): Prompt<number> => ({
  id,
  kind: "video",
  ordered,
  permuted,
});

/** Token 1 is right. */
const scorer: Scorer<Prompt<number>> = async (completions) =>
  completions.map(({ completionIds }) => ({ text: "", accuracy: Number(completionIds[0] === 1), format: 1 }));

const requestsOf = (prompts: readonly Prompt<number>[]): SampleRequest<number>[] =>
  prompts.flatMap(({ id, kind, ordered }) => [
    { promptId: id, order: "ordered", input: ordered, count: 8 },
    ...(kind === "video" ? [{ promptId: id, order: "permuted" as const, input: 1, count: 4 }] : []),
  ]);

const run = (prompts: Prompt<number>[], change: object = {}) =>
  sampleAndScore({
    prompts,
    sampler: countingSampler(),
    scorer,
    policy: banditPolicy(weights),
    options,
    ...change,
  });

describe("sampleGroups", () => {
  test("asks for G ordered and G/2 shuffled completions in one call", async () => {
    const sampler = countingSampler();
    const groups = await sampleGroups(sampler, [video("a", 0, 1), image("b", 2)], options);
    expect(sampler.asked).toEqual([
      ["a/ordered", 8],
      ["a/permuted", 4],
      ["b/ordered", 8],
    ]);
    expect(groups.map(({ promptId, kind, ordered }) => [promptId, kind, ordered.length])).toEqual([
      ["a", "video", 8],
      ["b", "image", 8],
    ]);
    expect(groups[0]).toHaveProperty("shuffled.length", 4);
    expect(groups[0]!.ordered[3]).toMatchObject({ id: "a/ordered/3", policyVersion: 7 });
  });

  test("without the temporal reward no shuffled half is sampled", async () => {
    const sampler = countingSampler();
    const plain = TgrpoOptions.parse({ tgrpo: { temporal: "none" } });
    const [group] = await sampleGroups(sampler, [video("a", 0, 1)], plain);
    expect(sampler.asked).toEqual([["a/ordered", 8]]);
    expect(group).toHaveProperty("shuffled.length", 0);
  });

  test("a sampler that returns too few completions is caught", async () => {
    const sampler = {
      generate: async () => [{ completions: [{ completionIds: Int32Array.of(1) }], policyVersion: 0 }],
    };
    await expect(sampleGroups(sampler, [image("a", 0)], options)).rejects.toThrow(
      /returned 1 completions of prompt a, ordered; 8 were asked for/,
    );
  });

  test.each([
    [{ rollout: { numGenerations: 1 } }, /numGenerations=1 must be at least 2/],
    [{ tgrpo: { ...options.tgrpo, shuffledFraction: 0.1 } }, /shuffledFraction=0.1\) must be at least 1/],
  ])("%o is refused", async (change, message) => {
    await expect(sampleGroups(countingSampler(), [video("a", 0, 1)], { ...options, ...change })).rejects.toThrow(
      message,
    );
  });
});

describe("sampleAndScore", () => {
  test("fills the record: sampled, scored, weighed", async () => {
    const [group] = (await run([video("a", 0, 1)])) as WeighedGroup[];
    expect(group).toMatchObject({ promptId: "a", kind: "video", p: 0.25, pShuffled: 0.25, fired: true, failed: [] });
    expect(group!.ordered.map(({ accuracy }) => accuracy)).toEqual([0, 1, 0, 0, 0, 1, 0, 0]);
    expect(group!.ordered.map(({ temporalBonus }) => temporalBonus)).toEqual([0, 0.3, 0, 0, 0, 0.3, 0, 0]);
    expect(group!.ordered.map(({ reward }) => reward)).toEqual([1, 2.3, 1, 1, 1, 2.3, 1, 1]);
    expect(group!.ordered.reduce((sum, { advantage }) => sum + advantage, 0)).toBeCloseTo(0, 12);
  });

  test("order contrast pays what the permuted input makes unlikely, and samples no other completions", async () => {
    tidy(() => weights.assign(tensor2d([4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0], [inputCount, vocabulary])));
    const recorded = Math.log(Math.exp(4) / (Math.exp(4) + 3)); // token 0 under input 0
    const sampler = countingSampler(recorded);
    const [group] = (await run([video("a", 0, 1)], {
      sampler,
      scorer: async (completions: { completionIds: Int32Array }[]) =>
        completions.map(({ completionIds }) => ({ text: "", accuracy: Number(completionIds[0] === 0), format: 1 })),
      options: TgrpoOptions.parse({ tgrpo: { temporal: { ...contrastDefaults, tau: 1, clip: 0 } } }),
    })) as WeighedGroup[];
    expect(sampler.asked).toEqual([["a/ordered", 8]]);
    expect(group!.ordered.map(({ temporalBonus }) => temporalBonus)).toEqual([0.3, 0, 0, 0, 0.3, 0, 0, 0]);
    expect(group!.ordered[0]!.contrast).toBeCloseTo(4, 5);
    expect(group!.ordered[1]!.contrast).toBeUndefined();
  });

  test("a completion that cannot be scored leaves its group, with its reason", async () => {
    const fails = (completions: readonly { completionIds: Int32Array }[]) =>
      completions.map(({ completionIds }) =>
        completionIds[0] === 3
          ? { text: "x", failed: "judge: timed out" }
          : { text: "", accuracy: Number(completionIds[0] === 1), format: 1 },
      );
    const [group] = (await run([video("a", 0, 1)], { scorer: async (c: never) => fails(c) })) as WeighedGroup[];
    expect(group!.ordered.map(({ id }) => id)).not.toContain("a/ordered/3");
    expect([group!.ordered.length, group!.failed.length]).toEqual([6, 3]);
    expect(group!.failed[0]).toMatchObject({ id: "a/ordered/3", text: "x", failed: "judge: timed out" });
    expect(group!.p).toBeCloseTo(1 / 3, 12);
  });

  test.each([
    ["withoutAccuracy", 6, 3],
    ["none", 8, 0],
  ] as const)(
    "leaveOut %s: a completion without an accuracy does not earn its format",
    async (leaveOut, kept, left) => {
      const judged: Scorer<Prompt<number>> = async (completions) =>
        completions.map(({ completionIds }) => {
          const [token] = completionIds;
          return { text: "", accuracy: token === 3 ? null : Number(token === 1), format: 1 };
        });
      const change = { scorer: judged, options: { ...options, tgrpo: { ...options.tgrpo, leaveOut } } };
      const [group] = (await run([video("a", 0, 1)], change)) as WeighedGroup[];
      expect([group!.ordered.length, group!.failed.length]).toEqual([kept, left]);
      expect(
        group!.failed.every(({ failed, isLeftOut }) => isLeftOut && failed === "the scorer gave no accuracy"),
      ).toBe(true);
      expect(group!.p).toBeCloseTo(2 / kept, 12);
      expect(groupMetrics([group!])["group/failedAnswers"]).toBe(left || undefined);
    },
  );

  test("a group is scored while others are drawn; the result is that of scoring them afterwards", async () => {
    const prompts = [image("a", 0), video("b", 0, 1), image("c", 2)];
    const events: string[] = [];
    const all = await countingSampler().generate(requestsOf(prompts));
    const sampler: Sampler<number> = {
      async generate(_, onSamples) {
        for (const request of [3, 2, 0]) {
          onSamples!(request, all[request]!);
          await new Promise(setImmediate);
        }
        events.push("drawn");
        return all;
      },
    };
    const told: Scorer<Prompt<number>> = async (completions, prompt) => {
      events.push(`${prompt.id} ${completions.length}`);
      return await scorer(completions, prompt);
    };
    expect(await run(prompts, { sampler, scorer: told })).toEqual(await run(prompts));
    expect(events).toEqual(["c 8", "a 8", "drawn", "b 12"]);
  });

  test("a scorer that fails while others are drawn fails the call, once all are drawn", async () => {
    let isDrawn = false;
    const sampler: Sampler<number> = {
      async generate(requests, onSamples) {
        const all = await countingSampler().generate(requests);
        onSamples!(0, all[0]!);
        await new Promise((resolve) => setTimeout(resolve, 5));
        isDrawn = true;
        return all;
      },
    };
    const fails = async () => Promise.reject(new Error("the judge is gone"));
    await expect(run([image("a", 0), image("b", 1)], { sampler, scorer: fails })).rejects.toThrow("the judge is gone");
    expect(isDrawn).toBe(true);
  });

  test("a group without two scored completions has no advantages, and says why", async () => {
    const fails = async (completions: readonly unknown[]) =>
      completions.map((_, i) => (i === 0 ? { text: "", accuracy: 1, format: 1 } : { text: "", failed: `judge: ${i}` }));
    const [group] = await run([image("a", 0)], { scorer: fails });
    expect(isWeighed(group!)).toBe(false);
    expect(group).toMatchObject({
      promptId: "a",
      reason: "7 completions could not be scored; the first: judge: 1",
    });
  });

  test("a scorer that returns other counts is caught", async () => {
    await expect(run([image("a", 0)], { scorer: async () => [] })).rejects.toThrow(
      /returned 0 outcomes for 8 completions of prompt a/,
    );
  });

  test("further parts of the reward count by their weights", async () => {
    const own: Scorer<Prompt<number>> = async (completions) =>
      completions.map((_, i) => ({ text: "", accuracy: 0, format: 1, ...(i < 4 && { rewards: { brevity: i } }) }));
    const weights = { accuracy: 1, format: 1, brevity: 0.5 };
    const [group] = (await run([image("a", 0)], {
      scorer: own,
      options: { ...options, tgrpo: { ...options.tgrpo, weights } },
    })) as WeighedGroup[];
    expect(group!.ordered.map(({ reward }) => reward)).toEqual([1, 1.5, 2, 2.5, 1, 1, 1, 1]);
  });
});
