import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomStream } from "@videor1/random";
import { describe, expect, test } from "vitest";
import { fixtureItem, fixtureSummary } from "../../../test/fixture-benchmark.ts";
import { benchmarkPage } from "../benchmark-page.ts";
import type { BenchmarkRun } from "../benchmark-run.ts";
import { type CompareOptions, compareRuns } from "./compare-runs.ts";
import { comparisonReport } from "./comparison-report.ts";

const options: CompareOptions = { draws: (name) => randomStream(1, name).next, resamples: 500 };

type Score = (at: number) => number;

/** 60 items of three tasks on 30 clips, scored as said, seen with so many frames. */
function runOf(
  name: string,
  score: Score,
  frames = 2,
  fields: Parameters<typeof fixtureSummary>[0] = {},
): BenchmarkRun {
  const items = Array.from({ length: 60 }, (_, i) =>
    fixtureItem(`item-${i}`, score(i), {
      task: ["count", "order", "route"][i % 3],
      path: `clips/${i % 30}.mp4`,
      clips: [{ indices: Array.from({ length: frames }, (_, f) => f) }],
    }),
  );
  return { summary: fixtureSummary(fields, { name, model: `models/${name}` }), items };
}

const isOrder = (i: number) => i % 3 === 1;
const sft = runOf("sft", () => 0);
const rl = runOf("rl", (i) => (isOrder(i) ? 1 : 0), 4);

describe("compareRuns", () => {
  test("pairs by id, whatever the order, and counts who alone is right", () => {
    const turned = { ...rl, items: [...rl.items].reverse() };
    const { all, tasks, gainedIds, lostIds } = compareRuns(sft, turned, options);
    expect(all).toMatchObject({ n: 60, clips: 30, gained: 20, lost: 0, p: expect.closeTo(2 * 0.5 ** 20, 12) });
    expect(all.difference).toMatchObject({ mean: expect.closeTo(1 / 3, 12) });
    expect(all.difference.low).toBeGreaterThan(0);
    expect(tasks.map(({ name, p, correctedP }) => [name, p < 0.001, correctedP])).toEqual([
      ["count", false, 1],
      ["order", true, expect.closeTo(3 * 2 * 0.5 ** 20, 12)],
      ["route", false, 1],
    ]);
    expect([gainedIds.length, lostIds]).toEqual([20, []]);
  });

  test("resamples clips: two questions of a clip that move together widen the interval", () => {
    const apart = (run: BenchmarkRun) => ({
      ...run,
      items: run.items.map((item, i) => ({ ...item, path: `own/${i}.mp4` })),
    });
    const together = runOf("rl", (i) => (i % 30 < 15 ? 1 : 0));
    const width = ({ all: { difference } }: ReturnType<typeof compareRuns>) => difference.high - difference.low;
    const ofClips = compareRuns(sft, together, options);
    const ofItems = compareRuns(apart(sft), apart(together), options);
    expect(ofClips.all.difference.mean).toBe(ofItems.all.difference.mean);
    expect(width(ofClips)).toBeGreaterThan(1.2 * width(ofItems));
  });

  test("names the items of one alone, and those with another right answer", () => {
    const others = rl.items.slice(7).map((item, i) => (i === 0 ? { ...item, solution: "<answer>C</answer>" } : item));
    const strangers = { ...rl, items: [...others, fixtureItem("new", 1)] };
    const compared = compareRuns(sft, strangers, options);
    expect(compared.all.n).toBe(52);
    expect(compared.onlyBefore).toHaveLength(7);
    expect([compared.onlyAfter, compared.otherAnswer]).toEqual([["new"], ["item-7"]]);
    expect(comparisonReport(compared)).toContain(
      "Left out, only in sft: 7 (item-0, item-1, item-2, item-3, item-4 and 2 more).",
    );
  });

  test("compares by a scorer that both have, a score that it does not give as 0", () => {
    const video = compareRuns(
      sft,
      runOf("rl", () => 0, 2, { mainScorer: "video-r1" }),
      { ...options, scorer: "lmms-eval" },
    );
    expect(video.all.before.mean).toBe(0);
    const readings = { "lmms-eval": { score: 1 } };
    const read = { ...rl, items: rl.items.map((item) => ({ ...item, readings })) };
    expect(compareRuns(sft, read, { ...options, scorer: "lmms-eval" }).all.difference.mean).toBe(1);
  });

  test.each<[string, BenchmarkRun, Partial<CompareOptions>]>([
    ["are of different benchmarks", { ...rl, summary: fixtureSummary({}, { benchmark: "mvbench" }) }, {}],
    ["have no item in common", { ...rl, items: [fixtureItem("new", 1)] }, {}],
    ["was not scored by official", rl, { scorer: "official" }],
  ])("two that %s are refused", (reason, other, more) => {
    expect(() => compareRuns(sft, other, { ...options, ...more })).toThrow(
      expect.objectContaining({ code: "RUN_FILES_DISAGREE", message: expect.stringContaining(reason) }),
    );
  });
});

describe("comparisonReport", () => {
  const text = comparisonReport(compareRuns(sft, rl, options));

  test("claims what interval and corrected test allow", () => {
    expect(text).toMatch(/^VSI-Bench: rl against sft\n/);
    expect(text).toMatch(/rl is better than sft by \+33\.3 points \(\+\d+\.\d to \+\d+\.\d points\)\./);
    expect(text).toContain("By both, these differ: order (+100.0).");
    const same = comparisonReport(compareRuns(sft, { ...sft, summary: rl.summary }, options));
    expect(same).toMatch(/No difference is shown: its interval, −6\.1 to \+6\.1 points, includes 0\./);
    expect(same).toContain("No task differs by both.");
  });

  test("says nothing of few clips, however far apart they are", () => {
    const few = (run: BenchmarkRun) => ({ ...run, items: run.items.map((item) => ({ ...item, path: "one.mp4" })) });
    const all = compareRuns(few(sft), few(runOf("rl", () => 1)), options);
    expect(comparisonReport(all)).toContain("Nothing can be said of the difference: it is over 1 clip alone.");
    expect(comparisonReport(all)).toContain("No task differs by both.");
  });

  test("says with how many frames, and which settings differ", () => {
    expect(text).toMatch(/^setting +sft +rl\n.*\nmodel +models\/sft +models\/rl$/m);
    const mixed = { ...rl, items: rl.items.map((item, i) => (i < 20 ? sft.items[i]! : item)) };
    expect(comparisonReport(compareRuns(sft, mixed, options))).toMatch(/^2 +20 .*\n2 → 4 +40 /m);
  });
});

test("the page's items know which of the two alone is right", async () => {
  const folder = await mkdtemp(join(tmpdir(), "compared-"));
  const page = join(folder, "page.html");
  await benchmarkPage([sft, rl], { title: "Two", page, comparison: compareRuns(sft, rl, options) });
  const html = await readFile(page, "utf8");
  await rm(folder, { recursive: true });
  expect(html.match(/"change":"gained"/g)).toHaveLength(40);
  expect(html).toContain('name="change" value="gained"');
});
