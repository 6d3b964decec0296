import type { WorkerPool } from "@videor1/train";
import { describe, expect, test } from "vitest";
import { RlConfig } from "../config.ts";
import type { DrawnJob, Job } from "../job.ts";
import type { RlCalls } from "../protocol.ts";
import { sampleStep } from "../sample-step.ts";
import type { StepPrompts } from "../step-prompts.ts";
import { aheadRollouts } from "./ahead.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { StepRollouts } from "./served-rollouts.ts";

const config = (change: object = {}) =>
  RlConfig.parse({
    model: "m",
    outputDir: "o",
    data: { records: "r", media: { mediaRoot: "." } },
    promptsPerStep: 3,
    gradientAccumulationSteps: 2,
    rollout: change,
  });

/** Everything that a run asks for, in order, where `asks` says what becomes of a request. */
function run(settings: RlConfig, asks: (job: DrawnJob, signal?: AbortSignal) => Promise<void> = async () => {}) {
  const log: string[] = [];
  let drawn = 0;
  const draw = (step: number): StepPrompts => {
    const jobs: DrawnJob[] = [];
    return {
      async take(count) {
        const taken = Array.from({ length: count }, (_, n) => ({
          id: `${step + 1}/${jobs.length + n}`,
          seed: ++drawn,
          media: async () => ({ ordered: [{ rgb: new Uint8Array(3) }] }),
          example: { problemId: drawn },
        })) as unknown as DrawnJob[];
        jobs.push(...taken);
        return taken;
      },
      get problemIds() {
        return jobs.map(({ example }) => example.problemId);
      },
      failed: [],
      next: undefined,
    };
  };
  const served: StepRollouts = {
    async push(version) {
      log.push(`push ${version}`);
      return { version } as ServedPolicy;
    },
    async sample(jobs, { version }, signal) {
      log.push(`ask ${jobs.map(({ seed }) => seed)} of ${version}`);
      for (const job of jobs) await asks(job, signal);
      return Object.fromEntries(jobs.map(({ id, seed }) => [id, { unanswered: `${seed} of ${version}` }]));
    },
  };
  /** Answers that the workers get; odd prompts have a signal. */
  type Made = () => Promise<{ request: RlCalls["rollout"]["request"] }>;
  const callWith = async (_: number, __: string, make: Made) => {
    const { parts, served } = (await make()).request;
    const jobs = parts.flat();
    for (const { id, seed } of jobs) {
      const { unanswered } = served![id] as { unanswered: string };
      expect(unanswered).toMatch(new RegExp(`^${seed} of `));
      expect(Object.keys(served!).sort()).toEqual(jobs.map((job) => job.id).sort());
      log.push(`train ${unanswered}`);
    }
    const group = ({ id, seed }: Job) => ({
      id,
      group: { promptId: id, ordered: [{ advantage: seed % 2 }, { advantage: -(seed % 2) }] },
    });
    return { sampled: (jobs as Job[]).map(group), unanswered: [], ofOtherWeights: 0 };
  };
  const ahead = aheadRollouts(served, draw, settings, () => true);
  const pool = { callWith } as unknown as WorkerPool<RlCalls>;
  const step = async (done: number, isLast = false) => {
    const prompts = ahead.promptsOf(done);
    await sampleStep(pool, prompts.take, settings, done, ahead.rollouts);
    if (!isLast) await ahead.askNext(done);
    log.push(`update ${done}`);
    return prompts;
  };
  return { log, step, ahead, draw };
}

describe("one step ahead", () => {
  test("a step's prompts are asked while the step before trains, of the policy that it began with", async () => {
    const { log, step } = run(config());
    await step(0);
    await step(1);
    const last = await step(2, true);
    expect(log).toEqual([
      ...["push 0", "ask 1 of 0", "ask 2,3 of 0", "train 1 of 0", "train 2 of 0", "train 3 of 0"],
      ...["ask 4 of 0", "ask 5,6 of 0", "update 0", "train 4 of 0", "train 5 of 0", "train 6 of 0"],
      ...["push 1", "ask 7 of 1", "ask 8,9 of 1", "update 1", "train 7 of 1", "train 8 of 1", "train 9 of 1"],
      "update 2",
    ]);
    expect(last.problemIds).toEqual([7, 8, 9]);
  });

  test("further rounds of dynamic sampling draw behind them, and ask the same policy", async () => {
    const { log, step } = run(config({ dynamicSampling: { enabled: true, maxRounds: 2 } }));
    await step(0); // 2 has no signal, so 4 is drawn, which has none either
    await step(1, true); // 5, 6, 7 were asked ahead; 6 has none
    expect(log.filter((entry) => !entry.startsWith("train"))).toEqual([
      ...["push 0", "ask 1 of 0", "ask 2,3 of 0", "ask  of 0", "ask 4 of 0"],
      ...["ask 5 of 0", "ask 6,7 of 0", "update 0", "ask  of 0", "ask 8 of 0", "update 1"],
    ]);
  });

  test("a step that was not asked for draws its own prompts", async () => {
    const { ahead, log } = run(config());
    const prompts = ahead.promptsOf(5);
    expect((await prompts.take(2)).map(({ id }) => id)).toEqual(["6/0", "6/1"]);
    expect(log).toEqual([]);
  });

  test("what went wrong is told when the step begins, and not before", async () => {
    const { step } = run(config(), async ({ seed }) => {
      if (seed === 5) throw new Error("no server answers");
    });
    await step(0);
    await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would end the test
    await expect(step(1)).rejects.toThrow("no server answers");
  });

  test("what is under way is given up at the end, and nobody waits for it", async () => {
    const ends: string[] = [];
    const { step, ahead } = run(config(), async ({ seed }, signal) => {
      if (seed <= 3) return;
      await new Promise((_, reject) => {
        signal!.addEventListener("abort", () => {
          ends.push(`${seed} given up`);
          reject(signal!.reason);
        });
      });
    });
    await step(0);
    expect(ends).toEqual([]);
    ahead.close();
    expect(ends).toEqual(["4 given up", "5 given up"]); // 6 comes after 5 in its part
  });
});
