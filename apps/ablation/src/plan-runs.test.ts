import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { expect, test } from "vitest";
import { AblationConfig } from "./config.ts";
import { planRuns, runsToMake } from "./plan-runs.ts";

const root = join(import.meta.dirname, "../../..");
const at = (stage: string) => join(root, `configs/${stage}/miniature.yaml`);
const config = (more: object) =>
  AblationConfig.parse({
    title: "x",
    runDir: "runs/x",
    sft: at("sft"),
    rl: at("rl"),
    bench: at("bench"),
    base: "grpo",
    pairs: [
      [0, 10],
      [1, 11],
    ],
    arms: {
      grpo: { about: "plain" },
      videos: { about: "no images", rl: ["data.records={data}/rl-videos.json", "maxSteps=7"], pairs: 1 },
      "frames-16": { about: "more frames", model: "grpo", rl: "none", bench: ["data.media.nframes=16"] },
    },
    ...more,
  });
const plan = planRuns(config({}));
const runOf = (name: string) => plan.arms.find((run) => run.name === name)!;

test("every arm has a run on every pair of seeds, but no more than its own pairs", () => {
  expect([...plan.starts.values()].map(({ name }) => name)).toEqual(["sft-0", "sft-1"]);
  expect(plan.arms.map(({ name }) => name)).toEqual([
    ...["grpo/0-10", "videos/0-10", "frames-16/0-10"],
    ...["grpo/1-11", "frames-16/1-11"],
  ]);
});

test("runs of a pair share seeds, data and start, and differ by the arm's settings", () => {
  const [grpo, videos] = [runOf("grpo/0-10"), runOf("videos/0-10")].map(({ stages }) => stages[0]!);
  if (grpo?.kind !== "rl" || videos?.kind !== "rl") throw new Error("the first stage is RL");
  expect(grpo.config).toMatchObject({ seed: 10, model: "runs/x/sft-0/sft/model", outputDir: "runs/x/grpo/0-10/rl" });
  expect(videos.config).toEqual({
    ...grpo.config,
    outputDir: "runs/x/videos/0-10/rl",
    maxSteps: 7,
    data: { ...grpo.config.data, records: "runs/x/sft-0/data/rl-videos.json" },
  });
});

test("an arm without RL evaluates the models that another arm trained, after it", () => {
  const { stages, needs } = runOf("frames-16/1-11");
  expect(needs).toEqual(["sft-1", "grpo/1-11"]);
  expect(stages).toMatchObject([
    {
      kind: "bench",
      config: { name: "sampled", seed: 11, model: "runs/x/grpo/1-11/rl/model", data: { media: { nframes: 16 } } },
    },
    { kind: "bench", config: { name: "greedy", generation: { doSample: false }, compareShuffled: false } },
  ]);
});

test("the runs of some arms bring along what they need", () => {
  expect(runsToMake(plan, ["frames-16"]).map(({ name }) => name)).toEqual([
    ...["sft-0", "grpo/0-10", "frames-16/0-10"],
    ...["sft-1", "grpo/1-11", "frames-16/1-11"],
  ]);
});

test.each([
  [{ base: "gpro" }, /no arm .*gpro/],
  [{ only: ["grpo", "none"] }, /no arm .*none/],
  [{ comparisons: [["grpo", "videos-2"]] }, /no arm .*videos-2/],
  [{ arms: { grpo: { about: "", model: "later" }, later: { about: "" } } }, /later.* is neither .* nor an arm above/],
  [{ arms: { grpo: { about: "", pairs: 1 }, more: { about: "", model: "grpo" } } }, /grpo.* has fewer pairs/],
  [{ arms: { grpo: { about: "" }, sft: { about: "" } } }, /sft and init name the models to start from/],
])("refuses %j", (more, message) => {
  expect(() => config(more)).toThrow(message);
});

test("a wrong setting of an arm is found before the first run, with its place", () => {
  const wrong = config({ arms: { grpo: { about: "", rl: ["maxStep=3"] } } });
  expect(() => planRuns(wrong)).toThrow(/maxStep=3.*did you mean "maxSteps"/s);
});

test.each(["smoke", "full"])("every arm of configs/ablation/%s.yaml parses", (name) => {
  const file = loadConfig(AblationConfig, `configs/ablation/${name}.yaml`);
  expect(planRuns(file).arms.length).toBeGreaterThan(file.pairs.length);
});
