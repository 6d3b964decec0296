/** T-GRPO whose completions come from servers: what is checked before it trains, and that every answer counts once. */
import { readdirSync } from "node:fs";
import { readMetrics, readRollouts } from "@videor1/runs";
import { beforeAll, expect, test } from "vitest";
import { lora, servedRuns } from "./served-runs.ts";
import type { SmallData } from "./small-data.ts";

const { make, serve, train, policies } = servedRuns();
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
