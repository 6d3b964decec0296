import type { WorkerPool } from "@videor1/train";
import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import type { DrawnJob } from "./job.ts";
import type { RlCalls } from "./protocol.ts";
import { sampleStep } from "./sample-step.ts";

const config = (promptsPerStep: number, dynamicSampling: object) =>
  RlConfig.parse({
    model: "m",
    outputDir: "o",
    data: { records: "r", media: { mediaRoot: "." } },
    promptsPerStep,
    gradientAccumulationSteps: 2,
    rollout: { dynamicSampling },
  });

/** Prompts 1, 2, 3 …, of which only those that `hasSignal` get an advantage; `loads` says whose clips can be loaded. */
async function sample(settings: RlConfig, hasSignal: (prompt: number) => boolean, loads = (_: number) => true) {
  const calls: { part: number; step: number; prompts: number[] }[] = [];
  let drawn = 0;
  const take = async (count: number) =>
    Array.from({ length: count }, () => ++drawn)
      .filter(loads)
      .map(
        (seed) =>
          ({
            id: String(seed),
            seed,
            media: async () => ({ ordered: [{ rgb: new Uint8Array(3) }] }),
          }) as unknown as DrawnJob,
      );
  type Made = () => Promise<{ request: RlCalls["rollout"]["request"] }>;
  const callWith = async (part: number, _: string, make: Made) => {
    const call = { part, step: 0, prompts: [] as number[] };
    calls.push(call); // in the order of the calls; making one takes longer the more prompts it has
    const { step, parts } = (await make()).request;
    const jobs = parts.flat();
    Object.assign(call, { step, prompts: jobs.map(({ seed }) => seed) });
    const group = (seed: number) => ({
      promptId: String(seed),
      ordered: (hasSignal(seed) ? [1, -1] : [0, 0]).map((advantage) => ({ advantage })),
    });
    return { sampled: jobs.map(({ id, seed }) => ({ id, group: group(seed) })), unanswered: [], ofOtherWeights: 0 };
  };
  const made = await sampleStep({ callWith, size: 2 } as unknown as WorkerPool<RlCalls>, take, settings, 7);
  const idsOf = (groups: readonly { promptId: string }[]) => groups.map(({ promptId }) => Number(promptId));
  return {
    calls,
    drawn,
    rounds: made.rounds,
    sampled: made.sampled.map(({ job }) => job.seed),
    places: made.sampled.map(({ round, part }) => `${round}/${part}`),
    leftOut: idsOf(made.noSignal),
    kept: made.parts.map(idsOf),
  };
}

test("without dynamic sampling one round is all, and every group is kept", async () => {
  const step = await sample(config(5, {}), () => false);
  expect(step).toMatchObject({ rounds: 1, drawn: 5, sampled: [1, 2, 3, 4, 5], leftOut: [] });
  expect(step.kept).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  expect(step.calls).toEqual([
    { part: 0, step: 7, prompts: [1, 2] },
    { part: 1, step: 7, prompts: [3, 4, 5] },
  ]);
  expect(step.places).toEqual(["0/0", "0/0", "0/1", "0/1", "0/1"]);
});

test("groups without any advantage are replaced, in their own part, until every place is filled", async () => {
  const step = await sample(config(4, { enabled: true, maxRounds: 9 }), (prompt) => [1, 6, 7, 8].includes(prompt));
  expect(step.calls).toEqual([
    { part: 0, step: 7, prompts: [1, 2] },
    { part: 1, step: 7, prompts: [3, 4] },
    { part: 0, step: 7, prompts: [5] },
    { part: 1, step: 7, prompts: [6, 7] },
    { part: 0, step: 7, prompts: [8] },
    { part: 1, step: 7, prompts: [] },
  ]);
  expect(step).toMatchObject({ rounds: 3, drawn: 8, leftOut: [2, 3, 4, 5] });
  expect(step.kept).toEqual([
    [1, 8],
    [6, 7],
  ]);
});

test("at most maxRounds times; then fewer are kept, or none", async () => {
  expect(await sample(config(2, { enabled: true, maxRounds: 2 }), (prompt) => prompt === 3)).toMatchObject({
    rounds: 2,
    drawn: 4,
    leftOut: [1, 2, 4],
    kept: [[3], []],
  });
  expect(await sample(config(2, { enabled: true }), () => false)).toMatchObject({
    rounds: 3,
    drawn: 6,
    kept: [[], []],
  });
});

test("a prompt that cannot be loaded leaves its place to the next round; without dynamic sampling it stays empty", async () => {
  const loads = (prompt: number) => prompt !== 2;
  const signal = () => true;
  expect(await sample(config(3, { enabled: true }), signal, loads)).toMatchObject({ rounds: 2, sampled: [1, 3, 4] });
  expect(await sample(config(3, {}), signal, loads)).toMatchObject({ rounds: 1, sampled: [1, 3] });
});

test("together by worker: its parts go in one call, and every prompt keeps its part and place", async () => {
  const settings = { ...config(6, {}), gradientAccumulationSteps: 3 };
  const apart = await sample(settings, () => true);
  const { rollout } = settings;
  const together = await sample({ ...settings, rollout: { ...rollout, together: "worker" } }, () => true);
  expect(apart.calls.map(({ prompts }) => prompts)).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(together.calls).toEqual([
    { part: 0, step: 7, prompts: [1, 2, 5, 6] },
    { part: 1, step: 7, prompts: [3, 4] },
  ]);
  expect({ ...together, calls: apart.calls }).toEqual(apart);
});
