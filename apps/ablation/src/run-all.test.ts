import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Run } from "./plan-runs.ts";
import { type Outcome, runAll } from "./run-all.ts";

const run = (name: string, ...needs: string[]): Run => ({ name, needs, folder: name, stages: [] });
const runs = [run("a"), run("b", "a"), run("c", "b"), run("d"), run("e", "d"), run("f", "d")];

interface Options {
  jobs?: number;
  outcome?: (name: string) => Outcome;
  stopAt?: string;
}

async function play({ jobs = 2, outcome = () => "done", stopAt }: Options) {
  const abort = new AbortController();
  const [started, ended]: [string[], string[]] = [[], []];
  let [running, most] = [0, 0];
  const outcomes = await runAll(
    runs,
    jobs,
    abort.signal,
    async ({ name }) => {
      started.push(name);
      most = Math.max(most, ++running);
      await sleep(name === "d" ? 20 : 1);
      if (name === stopAt) abort.abort();
      running--;
      return name === stopAt ? "stopped" : outcome(name);
    },
    ({ name }) => ended.push(name),
  );
  return { started, ended, most, outcomes };
}

test.each([1, 2, 9])("%i at a time: everything is made once, after what it needs", async (jobs) => {
  const { started, ended, most, outcomes } = await play({ jobs });
  expect([...started].sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(most).toBeLessThanOrEqual(jobs);
  expect(most > 1).toBe(jobs > 1);
  for (const { name, needs } of runs)
    for (const need of needs) expect(ended.indexOf(need)).toBeLessThan(ended.indexOf(name));
  expect(new Set(outcomes.values())).toEqual(new Set(["done"]));
});

test("a failed run takes those that need it along, and no other", async () => {
  const { started, outcomes } = await play({ outcome: (name) => (name === "a" ? "failed" : "done") });
  expect(Object.fromEntries(outcomes)).toEqual({
    a: "failed",
    b: "skipped",
    c: "skipped",
    d: "done",
    e: "done",
    f: "done",
  });
  expect(started).not.toContain("b");
});

test("once stopped, those that run end and no other starts", async () => {
  const { started, outcomes } = await play({ stopAt: "a" });
  expect(started).toEqual(["a", "d"]);
  expect(Object.fromEntries(outcomes)).toEqual({
    a: "stopped",
    b: "stopped",
    c: "stopped",
    d: "done",
    e: "stopped",
    f: "stopped",
  });
});
