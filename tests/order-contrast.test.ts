/** Order contrast on the real model: its value, and its records in a run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { loadClips, MediaOptions, messages, readExamples } from "@videor1/data";
import { loadModel } from "@videor1/model-qwen25vl";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { type PolicyInput, qwenPolicy, qwenSampler } from "@videor1/rl";
import { type RolloutGroupLine, readMetrics, readRollouts } from "@videor1/runs";
import { orderContrast, type Prompt, sampleGroups, scoreRollouts, TgrpoOptions, tokenLogps } from "@videor1/tgrpo";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "order-contrast-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const options = TgrpoOptions.parse({
  rollout: { numGenerations: 4, maxCompletionLength: 12, temperature: 0.9, topP: 0.95, topK: 20 }, // the log-probabilities ignore all of it
  tgrpo: { correctThreshold: 0, temporal: "contrast" },
});

test("recorded and recomputed log-probabilities agree; identical frames have a contrast of exactly 0", async () => {
  const model = await loadModel(small.init);
  const processor = await loadProcessor(small.init);
  const policy = qwenPolicy(model, processor);
  const sampler = qwenSampler(model, processor, { ...options.rollout, policyVersion: 0 });
  const examples = await readExamples(join(small.data, "rl.json"));
  const videos = examples.filter(({ dataType }) => dataType === "video").slice(0, 2);
  const media = MediaOptions.parse({ mediaRoot: small.data, nframes: 8, videoMinPixels: 3136 });
  const prompts = await Promise.all(
    videos.map(async (example, i): Promise<Prompt<PolicyInput>> => {
      const clips = await loadClips(example, media, { seed: 0 });
      const turns = messages(example, { stage: "rl", template: "question", system: null });
      const row = processor.row(turns, clips, { addGenerationPrompt: true });
      const ordered = { row, seeds: [0, 1, 2, 3].map((k) => 10 * i + k) };
      return { id: String(i), kind: "video", ordered, permuted: { ...ordered, seeds: [] } };
    }),
  );
  const right = { text: "", accuracy: 1, format: 1 };
  const sampled = await sampleGroups(sampler, prompts, options);
  const scorer = async (completions: readonly unknown[]) => completions.map(() => right);
  const groups = await Promise.all(sampled.map((group, i) => scoreRollouts(scorer, prompts[i]!, group, options.tgrpo)));

  const recomputed = await tokenLogps(
    policy,
    prompts.map(({ ordered }, i) => ({ input: ordered, completions: groups[i]!.ordered })),
  );
  for (const [i, { ordered }] of groups.entries())
    for (const [k, { logps }] of ordered.entries())
      for (const [t, logp] of logps!.entries()) expect(Math.abs(logp - recomputed[i]![k]![t]!)).toBeLessThan(1e-4);

  const before = memory().numTensors;
  const measured = await orderContrast(policy, prompts, groups, options.tgrpo);
  expect(memory().numTensors, "tensors left behind").toBe(before);
  for (const { contrast } of measured.flatMap(({ ordered }) => ordered)) expect(contrast).toBe(0);
  model.dispose();
});

const expectedBonus = (contrast: number | null | undefined) =>
  contrast == null ? 0 : 0.3 * Math.min(1, Math.max(0, contrast / 4));

test("a run records the contrast and bonus of every answer, and pays the control the same", async () => {
  const run = async (name: string, ...more: string[]) => {
    const settings = ["tgrpo.correctThreshold=0", "promptsPerStep=12", "maxSteps=1", ...more];
    const outputDir = join(work, name);
    const result = await runCli("rl", [...small.rl, `model=${small.init}`, `outputDir=${outputDir}`, ...settings]);
    expect(result).toMatchObject({ code: 0 });
    const [metrics] = readMetrics(outputDir);
    return { metrics: metrics!, groups: readRollouts(outputDir) };
  };
  const own = await run("own", "tgrpo.temporal={ kind: contrast, tau: 0 }");
  const control = await run("control", "tgrpo.temporal={ kind: contrast, tau: 0, assignment: permuted }");

  expect(new Set(own.groups.map(({ dataType }) => dataType)).size).toBe(2);
  for (const { dataType, permutation, temporalReward, ordered } of own.groups) {
    expect(temporalReward).toBeNull();
    expect(permutation).toEqual(dataType === "video" ? [7, 6, 5, 4, 3, 2, 1, 0] : null);
    for (const { contrast, temporalBonus, accuracy, format, reward } of ordered) {
      expect(contrast === null).toBe(dataType === "image");
      expect(temporalBonus).toBeCloseTo(expectedBonus(contrast), 12);
      expect(reward).toBeCloseTo(accuracy + format + temporalBonus, 12);
    }
  }
  const measured = own.groups.flatMap(({ ordered }) => ordered.filter(({ contrast }) => contrast !== null));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(own.metrics["contrast/delta"]).toBeCloseTo(mean(measured.map(({ contrast }) => contrast!)), 9);
  expect(own.metrics["contrast/paid"]).toBeCloseTo(mean(measured.map(({ temporalBonus }) => temporalBonus)), 9);

  const bonuses = ({ ordered }: RolloutGroupLine) => ordered.map(({ temporalBonus }) => temporalBonus);
  for (const [i, group] of control.groups.entries()) {
    expect(bonuses(group).toSorted()).toEqual(bonuses(own.groups[i]!).toSorted());
    if (group.bonusOrder) expect(bonuses(group)).toEqual(group.bonusOrder.map((k) => bonuses(own.groups[i]!)[k]!));
  }
  expect(control.groups.map(bonuses)).not.toEqual(own.groups.map(bonuses));
});
