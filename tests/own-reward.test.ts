/** A run with the user's own reward functions: its rewards, its records, and its failed completions. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readMetrics, readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "own-reward-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const moduleOf = (name: string, code: string): string => {
  const path = join(work, `${name}.mjs`);
  writeFileSync(path, code);
  return path;
};

const rl = async (name: string, rewards: unknown, ...more: string[]) => {
  const outputDir = join(work, name);
  const settings = [
    `model=${small.init}`,
    `outputDir=${outputDir}`,
    "maxSteps=2",
    `rewards=${JSON.stringify(rewards)}`,
  ];
  return { outputDir, ...(await runCli("rl", [...small.rl, ...settings, ...more])) };
};

test("its weighted value is part of the reward, and stands in rollouts and metrics by its name; replay agrees", async () => {
  const path = moduleOf("brevity", "export default async ({ completionIds }) => -completionIds.length / 10;");
  const { outputDir, code, stderr } = await rl("weighted", { functions: [{ path, weight: 0.5 }] });
  expect(stderr).not.toMatch(/Error/);
  expect(code).toBe(0);
  const groups = readRollouts(outputDir);
  for (const { ordered, dataType } of groups)
    for (const rollout of ordered) {
      expect(rollout.rewards).toEqual({ brevity: -rollout.tokens / 10 });
      const { accuracy, format, temporalBonus, lengthBonus, reward } = rollout;
      const expected = accuracy + format + temporalBonus + lengthBonus - 0.05 * rollout.tokens;
      expect(reward, dataType).toBeCloseTo(expected, 9);
    }
  const tokens = groups.filter(({ step }) => step === 1).flatMap(({ ordered }) => ordered.map((one) => one.tokens));
  const mean = tokens.reduce((sum, count) => sum + count, 0) / tokens.length;
  const [first] = readMetrics(outputDir);
  expect(first!["reward/brevity"]).toBeCloseTo(-mean / 10, 9);
  expect(Number(first!.entropy)).toBeGreaterThan(0);
  const replayed = await runCli("replay", [outputDir, "2"]);
  expect(replayed.stdout).toMatch(/all metrics agree/);
  expect(replayed.code).toBe(0);
});

test("an answer that it fails on takes no part in its group, and says why", async () => {
  const code = "let n = 0;\nexport default () => { if (n++ === 1) throw new Error('no such judge'); return 1; };";
  const { outputDir, code: exit } = await rl("fails", moduleOf("judge", code));
  expect(exit).toBe(0);
  const failed = readRollouts(outputDir).flatMap((group) => group.failed ?? []);
  expect(failed.length).toBeGreaterThan(0); // one in each worker
  for (const { failed: why } of failed) expect(why).toMatch(/^judge: threw Error: no such judge/);
  expect(readMetrics(outputDir)[0]!["group/failedAnswers"]).toBeGreaterThan(0);
});

test("groups that it fails on whole are failed records of the ledger", async () => {
  const path = moduleOf("broken", "export default () => 'good';");
  const { outputDir, code } = await rl("broken", path, "maxFailedShare=1");
  expect(code).toBe(0);
  const entries = readLedger(outputDir);
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) expect(entry).toMatchObject({ outcome: "failed", code: "REWARD_FAILED" });
  expect(entries[0]!.reason).toMatch(/could not be scored; the first: broken: returned "good"/);
});

test("answers that no part of the reward applies to are left out of their group, with a reason; whole groups are skipped", async () => {
  const code = "export default ({ problemId, completionIds }) => (problemId % 2 || completionIds[0] % 2 ? null : 1);";
  const weights = "tgrpo.weights={ accuracy: 0, format: 0 }";
  const settings = [moduleOf("even", code), weights, "tgrpo.temporal=none", "maxFailedShare=0"] as const;
  const leftOut = await rl("left-out", ...settings);
  expect(leftOut.code).toBe(0);
  const groups = readRollouts(leftOut.outputDir);
  for (const { ordered } of groups) for (const { rewards } of ordered) expect(rewards).toEqual({ even: 1 });
  const left = groups.flatMap(({ failed = [] }) => failed);
  const entries = readLedger(leftOut.outputDir);
  expect(left.length).toBeGreaterThan(0);
  expect(entries.length).toBeGreaterThan(0);
  for (const { failed } of left) expect(failed).toBe("no part of the reward applies: even");
  for (const entry of entries) expect(entry).toMatchObject({ outcome: "skipped", code: "NO_REWARD" });
  expect(leftOut.stdout).toMatch(/answers could not be scored, see failed in rollouts.jsonl; the first: no part/);
  const counted = await rl("counted", ...settings, "tgrpo.leaveOut=none");
  expect(readRollouts(counted.outputDir)).toHaveLength(4);
  expect(readRollouts(counted.outputDir).flatMap(({ failed = [] }) => failed)).toEqual([]);
});

test("a module that cannot be used stops the run before it starts, with what to do", async () => {
  const { code, stderr } = await rl("absent", "./no-such-reward.mjs");
  expect(code).toBe(1);
  expect(stderr).toMatch(/no-such-reward\.mjs/);
});
