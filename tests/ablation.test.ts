/** The ablation at the smallest size, through the command line: stopped, resumed, and with a run that fails. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli, signalWhen, startCli } from "./run-cli.ts";

const work = mkdtempSync(join(tmpdir(), "ablation-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const file = join(work, "tiny.yaml");
writeFileSync(
  file,
  `
title: Tiny
runDir: ${work}/unbroken
sft: configs/sft/miniature.yaml
rl: configs/rl/miniature.yaml
bench: configs/bench/miniature.yaml
data: { sizes: { sft: 24, rl: 8, eval: 6 }, tasks: { order: 2, color: 1 }, cue: { rl: 0.9 } }
model: { hiddenSize: 32, intermediateSize: 64, layers: 1, heads: 2, mropeSection: [2, 3, 3], vision: { hiddenSize: 32, intermediateSize: 32, heads: 2 } }
stages:
  sft: [data.phases.0.steps=3, data.phases.1.steps=2, batchSize=8, optimizer.warmupSteps=0]
  rl: [maxSteps=8, promptsPerStep=2, rollout.maxCompletionLength=8]
  bench: [generation.maxCompletionLength=8]
pairs: [[0, 1]]
base: grpo
arms:
  grpo: { about: plain, rl: [tgrpo.temporal=none] }
  tgrpo: { about: literal }
  frames-4: { about: fewer frames, model: grpo, rl: none, bench: [data.media.nframes=4] }
`,
);
const args = (name: string, ...more: string[]) => [file, `runDir=${join(work, name)}`, "jobs=2", ...more];
const text = (...path: string[]) => readFileSync(join(work, ...path), "utf8");

let unbroken: Awaited<ReturnType<typeof runCli>>;
beforeAll(async () => {
  unbroken = await runCli("ablation", args("unbroken"));
});

test("makes every run and a page about them", () => {
  expect(unbroken.stderr).not.toMatch(/Error/);
  expect(unbroken.code).toBe(0);
  expect(unbroken.stdout).toContain(`3 of 3 runs are finished. The page: ${join(work, "unbroken/results.md")}`);
  const page = text("unbroken/results.md");
  expect(page).toMatch(/^# Tiny\n/);
  expect(page).toMatch(/^- tgrpo against grpo: .*(on 1 pair|1 pair shows nothing)/m);
  for (const arm of ["grpo", "tgrpo", "frames-4"]) expect(page).toMatch(new RegExp(`^\\| ${arm} +\\| +1 \\|`, "m"));
});

test("arms meet the same questions in the same order", () => {
  const questions = (arm: string) =>
    readRollouts(join(work, "unbroken", arm, "0-1/rl")).map(({ step, problemId }) => [step, problemId]);
  expect(questions("grpo")).toHaveLength(16);
  expect(questions("tgrpo")).toEqual(questions("grpo"));
});

test.runIf(process.env.LONG_TESTS)(
  "killed in the middle of RL, its runs save and stop by themselves; the same command ends with the same answers",
  async () => {
    const begun = (arm: string) => existsSync(join(work, "broken", arm, "0-1/rl/metrics.jsonl"));
    const killed = await signalWhen(
      startCli("ablation", args("broken")),
      "SIGKILL",
      () => begun("grpo") && begun("tgrpo"),
    );
    expect(killed.code).toBeNull();
    for (const arm of ["grpo", "tgrpo"])
      while (existsSync(join(work, "broken", arm, "0-1/rl/run.lock"))) await sleep(50);
    expect(existsSync(join(work, "broken/grpo/0-1/bench/sampled.json"))).toBe(false);

    const { code, stdout } = await runCli("ablation", args("broken"));
    expect(code).toBe(0);
    expect(stdout).toContain("4 runs, 1 of them finished");
    for (const log of [
      "grpo/0-1/rl/rollouts.jsonl",
      "tgrpo/0-1/rl/rollouts.jsonl",
      "frames-4/0-1/bench/sampled.predictions.jsonl",
    ])
      expect(text("broken", log)).toBe(text("unbroken", log));
  },
);

test("a failed run is told, the page comes all the same, and the command ends with 1", async () => {
  const broken = 'arms.broken={about: no records, rl: ["data.records=none.json"]}';
  const { code, stdout, stderr } = await runCli("ablation", args("unbroken", broken));
  expect(code).toBe(1);
  expect(stdout).toContain("5 runs, 4 of them finished");
  expect(stderr).toMatch(/1 runs failed: broken\/0-1\n.*unbroken\/broken\/0-1\/log.txt/);
  expect(text("unbroken/broken/0-1/log.txt")).toContain("none.json");
  expect(stdout).toContain("3 of 4 runs are finished");
});

test("other settings in the same folder are refused", async () => {
  const { code, stderr } = await runCli("ablation", args("unbroken", "stages.rl=[maxSteps=9]"));
  expect(stderr).toMatch(/grpo\/0-1 holds results of other settings: rl\b/);
  expect(code).toBe(1);
});
