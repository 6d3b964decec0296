/** T-GRPO whose completions come from servers: what is checked before it trains, and that every answer counts once. */
import { readdirSync } from "node:fs";
import { readMetrics, readRollouts } from "@videor1/runs";
import { beforeAll, expect, test } from "vitest";
import { lora, servedRuns } from "./served-runs.ts";
import type { SmallData } from "./small-data.ts";

const { make, serve, train, trainUntil, policies } = servedRuns();
let small: SmallData;
beforeAll(async () => {
  small = await make();
});

test("an adapter is trained from the answers of a server that fails in every way and is started again", async () => {
  let asked = 0;
  const kinds = ["fail", "unavailable", "close", "cut", "half-json", "abort", "wrong-index"] as const;
  const server = await serve(small.init, {
    misbehave: { kinds, share: 0.8, times: 1 },
    onRequest() {
      if (++asked === 12) server.double.engine.restart(); // its adapters are lost
    },
  });
  const { outputDir, printed, error } = await train("lora", [server.double.url], ...lora);
  expect(error).toBeUndefined();
  expect(printed.find((line) => line.includes("sees what the policy sees"))).toMatch(/would by \d/);
  const groups = readRollouts(outputDir);
  expect(groups.map(({ id, policyVersion }) => [id, policyVersion])).toEqual([
    ["1/0/0", 0],
    ["1/0/1", 0],
    ["2/0/0", 1],
    ["2/0/1", 1],
  ]);
  expect(readMetrics(outputDir).at(-1)).toMatchObject({ trained: 4, failed: 0 });
  expect(Object.keys(server.double.counts).length).toBeGreaterThan(4);
  const calls = server.double.calls.map((call) => call.replace(/lora-[0-9a-f]{6}-[0-9a-f]{6}-/, ""));
  const [load, unload] = ["load", "unload"].map((word) => `POST /v1/${word}_lora_adapter`);
  expect(new Set(calls)).toEqual(
    new Set(["v0", "v1"].flatMap((version) => [`${load} ${version}`, `${unload} ${version}`])),
  );
  expect(readdirSync(policies)).toEqual([]);
});

test("one step ahead: answers of the policy before; stopped while a step is under way, each record counts once", async () => {
  const stop = new AbortController();
  let asked = 0;
  const server = await serve(small.init, {
    onRequest({ temperature }) {
      if (temperature === 1 && ++asked === 5) stop.abort(new Error("stopped")); // of step 3, while step 2 trains
    },
  });
  const settings = [...lora, "rollout.maxStaleness=1", "maxSteps=4", "tgrpo.temporal=none"];
  const stopped = await trainUntil(stop.signal, "ahead", [server.double.url], ...settings);
  expect(stopped.error?.message).toBe("stopped");
  expect(readMetrics(stopped.outputDir)).toHaveLength(2);
  const { outputDir, error } = await train("ahead", [server.double.url], ...settings);
  expect(error).toBeUndefined();
  const groups = readRollouts(outputDir);
  expect(groups.map(({ id }) => id)).toEqual([1, 2, 3, 4].flatMap((step) => [0, 1].map((n) => `${step}/0/${n}`)));
  const versions = groups.map(({ step, policyVersion }) => step - 1 - policyVersion!);
  expect(versions.filter((_, i) => i % 2 === 0)).toEqual([0, 1, 0, 1]); // the third step was asked again
  const metrics = readMetrics(outputDir) as Record<string, number>[];
  expect(metrics.at(-1)).toMatchObject({ trained: 8, failed: 0, "sample/stalenessMean": 1 });
  const mismatch = metrics.map((line) => line["sampling/samplingLogpDifference/mean"]!);
  expect(mismatch[0]).toBeLessThan(1e-5);
  expect(mismatch[3]).toBeGreaterThan(1e-4); // the policy has moved since
  expect(metrics[3]!["sampling/importanceSamplingRatio/mean"]).not.toBeCloseTo(1, 5);
});

test("a server that comes back with another model ends the run before an update is made with its answers", async () => {
  let asked = 0;
  const server = await serve(small.init, {
    onRequest({ temperature }) {
      if (temperature !== 1 || ++asked !== 6) return; // in the second step
      server.double.engine.restart();
      server.misreading.ignoresRate = true;
    },
  });
  const { outputDir, error } = await train("other", [server.double.url], ...lora, "maxSteps=3");
  expect(error?.message).toMatch(/the answers of this step are not the policy's.* no update was made/);
  expect(readMetrics(outputDir)).toHaveLength(1);
});

test("a stop while servers are gone ends the wait for them, and keeps the last step", async () => {
  const stop = new AbortController();
  let asked = 0;
  const server = await serve(small.init, {
    onRequest({ temperature }) {
      if (temperature !== 1 || ++asked !== 6) return;
      server.double.engine.die();
      setTimeout(() => stop.abort(new Error("stopped")), 300);
    },
  });
  const settings = [...lora, "maxSteps=2", "rollout.server.waitSeconds=3600"];
  const { outputDir, error } = await trainUntil(stop.signal, "gone", [server.double.url], ...settings);
  expect(error?.message).toBe("stopped");
  expect(readMetrics(outputDir)).toHaveLength(1);
  expect(readdirSync(`${outputDir}/checkpoints`)).not.toEqual([]);
});
