import type { WorkerPool } from "@videor1/train";
import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import type { Job, RlCalls } from "./protocol.ts";
import { sampleStep } from "./sample-step.ts";

const config = (promptsPerStep: number, dynamicSampling: object) =>
  RlConfig.parse({
    model: "m",
    outputDir: "o",
    data: { records: "r", media: { mediaRoot: "." } },
    ...{ promptsPerStep, gradientAccumulationSteps: 2 },
    rollout: { dynamicSampling },
  });

/** Prompts 1, 2, 3 …, of which only those that `hasSignal` get an advantage; `loads` says whose clips can be loaded. */
async function sample(settings: RlConfig, hasSignal: (prompt: number) => boolean, loads = (_: number) => true) {
  const calls: { round: number; part: number; prompts: number[] }[] = [];
  let drawn = 0;
  const take = async (count: number) =>
    Array.from({ length: count }, () => ++drawn)
      .filter(loads)
      .map((seed) => ({ seed }) as Job);
  const call = async (_: number, __: string, { round, part, jobs }: RlCalls["rollout"]["request"]) => {
    calls.push({ round, part, prompts: jobs.map(({ seed }) => seed) });
    return {
      records: jobs.map(({ seed }) => ({ problemId: seed })),
      groups: jobs.map(({ seed }) => ({ seed })),
      scores: jobs.map(({ seed }) => ({ advantages: hasSignal(seed) ? [1, -1] : [0, 0] })),
    };
  };
  const step = await sampleStep({ call } as unknown as WorkerPool<RlCalls>, take, settings);
  const ids = (list: readonly object[]) => list.map((item) => (item as { problemId: number }).problemId);
  return { calls, drawn, rounds: step.rounds, sampled: ids(step.records), leftOut: ids(step.leftOut), kept: step.kept };
}

test("without dynamic sampling one round is all, and every group is kept", async () => {
  const step = await sample(config(5, {}), () => false);
  expect(step).toMatchObject({ rounds: 1, drawn: 5, sampled: [1, 2, 3, 4, 5], leftOut: [] });
  expect(step.kept).toHaveLength(5);
  expect(step.calls).toEqual([
    { round: 0, part: 0, prompts: [1, 2] },
    { round: 0, part: 1, prompts: [3, 4, 5] },
  ]);
});

test("groups without any advantage are replaced, in their own part, until every place is filled", async () => {
  const step = await sample(config(4, { enabled: true, maxRounds: 9 }), (prompt) => [1, 6, 7, 8].includes(prompt));
  expect(step.calls).toEqual([
    { round: 0, part: 0, prompts: [1, 2] },
    { round: 0, part: 1, prompts: [3, 4] },
    { round: 1, part: 0, prompts: [5] },
    { round: 1, part: 1, prompts: [6, 7] },
    { round: 2, part: 0, prompts: [8] },
    { round: 2, part: 1, prompts: [] },
  ]);
  expect(step).toMatchObject({ rounds: 3, drawn: 8, leftOut: [2, 3, 4, 5] });
  expect(step.kept).toEqual([{ seed: 1 }, { seed: 6 }, { seed: 7 }, { seed: 8 }]);
});

test("at most maxRounds times; then fewer are kept, or none", async () => {
  expect(await sample(config(2, { enabled: true, maxRounds: 2 }), (prompt) => prompt === 3)).toMatchObject({
    rounds: 2,
    drawn: 4,
    leftOut: [1, 2, 4],
    kept: [{ seed: 3 }],
  });
  expect(await sample(config(2, { enabled: true }), () => false)).toMatchObject({ rounds: 3, drawn: 6, kept: [] });
});

test("a prompt that cannot be loaded leaves its place to the next round; without dynamic sampling it stays empty", async () => {
  const loads = (prompt: number) => prompt !== 2;
  const signal = () => true;
  expect(await sample(config(3, { enabled: true }), signal, loads)).toMatchObject({ rounds: 2, sampled: [1, 3, 4] });
  expect(await sample(config(3, {}), signal, loads)).toMatchObject({ rounds: 1, sampled: [1, 3] });
});
