import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { recordOf } from "./records.ts";
import { runStage, type StageResult } from "./run-stage.ts";
import * as mini from "./runner.ts";
import { failures, table } from "./table.ts";

const folder = mkdtempSync(join(tmpdir(), "gpu-check-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stage = (name: string, script: string, limitSeconds: number) =>
  runStage({ name, command: [process.execPath, "-e", script], limitSeconds }, join(folder, `${name}.log`));

describe("a stage", () => {
  test("gives its records, and keeps the rest as a log", async () => {
    const script = `console.log('@@ {"figure":"load","value":2,"unit":"s"}'); console.error("noise")`;
    const result = await stage("fine", script, 240);
    expect(result).toMatchObject({ status: "ok", records: [{ figure: "load", value: 2, unit: "s" }] });
    expect(readFileSync(join(folder, "fine.log"), "utf8")).toContain("noise");
  });

  test("that fails keeps its records and says how it ended", async () => {
    const script = `console.log('@@ {"figure":"load","value":2,"unit":"s"}'); console.error("why"); process.exitCode = 3`;
    const result = await stage("bad", script, 240);
    expect(result).toMatchObject({ status: "failed", tail: ["why", "ended with exit code 3"] });
    expect(result.records).toHaveLength(1);
  });

  test("that hangs is killed at its limit, with what it started", async () => {
    const child = `console.log('@@ {"figure":"started","value":1,"unit":""}'); setTimeout(() => {}, 600_000)`;
    const inherit = '{ stdio: "inherit" }';
    const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], ${inherit}); for (;;);`;
    // The stage ends only when no process holds its output: so its child was killed too.
    let result = await stage("hangs", script, 0.7);
    for (let limit = 1.4; result.records.length === 0; limit *= 2) result = await stage("hangs", script, limit);
    expect(result.status).toBe("timed out");
  });

  test("that is told to stop is killed", async () => {
    const stop = new AbortController();
    const ended = runStage(
      { name: "stops", command: [process.execPath, "-e", "for (;;);"], limitSeconds: 240, signal: stop.signal },
      join(folder, "stops.log"),
    );
    stop.abort();
    expect((await ended).status).toBe("stopped");
  });

  test("whose program is not there is a failed stage", async () => {
    const result = await runStage(
      { name: "x", command: ["no-such-program"], limitSeconds: 240 },
      join(folder, "x.log"),
    );
    expect(result.status).toBe("failed");
    expect(result.tail!.at(-1)).toMatch(/^no-such-program does not start/);
  });
});

test("a record cut short is no record", () => {
  expect(recordOf('@@ {"figure":"lo')).toBeUndefined();
  expect(recordOf("@ nothing")).toBeUndefined();
});

test("the tables put ours beside theirs, and count tests", () => {
  const result = (name: string, records: StageResult["records"]): StageResult => ({
    name,
    status: "ok",
    seconds: 1,
    records,
    peakMemoryMiB: 10,
  });
  const stages = [
    result("golden", [
      { test: "a", outcome: "passed" },
      { test: "b", outcome: "failed", message: "2 is not 3\nat line 7" },
    ]),
    result("bench", [{ figure: "load", value: 2, unit: "s" }]),
    result("bench of transformers", [
      { figure: "load", value: 5, unit: "s" },
      { figure: "prefill", value: 0.125, unit: "s" },
    ]),
  ];
  const lines = table(stages).split("\n");
  expect(lines[2]).toMatch(/^golden +ok +1\.0 +10 +1 +1 +0$/);
  expect(lines.at(-2)).toMatch(/^load +2\.00 +5\.00 +2\.50 +s$/);
  expect(lines.at(-1)).toMatch(/^prefill +- +0\.125 +- +s$/);
  expect(failures(stages)).toBe("golden: b\n  2 is not 3\n");
  const kernel = result("kernels draw", [{ kernel: "draw: greedy", ours: 20, aten: 50, copy: 10 }]);
  expect(
    table([...stages, kernel])
      .split("\n")
      .at(-1),
  ).toMatch(/^draw: greedy +20\.0 +50\.0 +2\.50 +10\.0$/);
});

describe("the runner in vitest's place", () => {
  const run = async (define: () => void) => {
    define();
    const results: mini.TestResult[] = [];
    await mini.runTests((result) => results.push(result));
    return results.map(({ name, outcome, message }) => `${name}: ${outcome} ${message?.split("\n")[0] ?? ""}`.trim());
  };

  test("runs groups, tables and hooks in order, and skips", async () => {
    const order: string[] = [];
    const outcomes = await run(() =>
      mini.describe.each([["x", 1] as const])("%s", (_name: string, n: number) => {
        mini.beforeAll(() => void order.push("before"));
        mini.afterAll(() => void order.push("after"));
        mini.test.each([{ key: "k" }])("$key", async ({ key }: { key: string }) => void order.push(`${key}${n}`));
        mini.test.skip("later");
      }),
    );
    expect(outcomes).toEqual(["x > k: passed", "x > later: skipped"]);
    expect(order).toEqual(["before", "k1", "after"]);
  });

  test.each<[string, () => unknown, string]>([
    ["toBe", () => mini.expect(2).toBe(3), "value: 2 should be 3"],
    ["toEqual", () => mini.expect([1], "ids").toEqual([2]), "ids: [ 1, [length]: 1 ] should equal"],
    ["not.toEqual", () => mini.expect([1]).not.toEqual([1]), "should not equal"],
    ["toBeLessThan with NaN", () => mini.expect(Number.NaN).toBeLessThan(3), "NaN should be less than 3"],
    ["toBeGreaterThan", () => mini.expect(1).toBeGreaterThan(1), "should be greater than 1"],
    ["toBeCloseTo", () => mini.expect(1.006).toBeCloseTo(1, 2), "should be close to 1"],
    ["toContain", () => mini.expect([false]).toContain(true), "should contain true"],
    ["toThrow", () => mini.expect(() => 1).toThrow("no"), "threw nothing"],
    ["rejects, nothing", () => mini.expect(Promise.resolve(1)).rejects.toThrow("no"), "threw nothing"],
    ["rejects", () => mini.expect(Promise.reject(new Error("other"))).rejects.toThrow("no"), "other"],
  ])("%s can fail", async (_name, body, message) => {
    const [outcome] = await run(() => mini.test("t", body));
    expect(outcome).toContain("failed AssertionError");
    expect(outcome).toContain(message);
  });

  test("a beforeAll that throws fails the tests of its group, also of groups in it", async () => {
    const outcomes = await run(() => {
      mini.describe("outer", () => {
        mini.beforeAll(() => Promise.reject(new Error("no engine")));
        mini.describe("inner", () => mini.test("t", () => {}));
      });
      mini.test("beside", () => {});
    });
    expect(outcomes).toEqual(["outer > inner > t: failed Error: no engine", "> beside: passed".trim()]);
  });
});
