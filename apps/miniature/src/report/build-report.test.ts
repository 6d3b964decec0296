import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildReport } from "./build-report.ts";
import type { ReportData } from "./report-data.ts";
import { scoring, writeFixtureRun } from "./test/fixture-run.ts";

let runDir: string;
let page: string;
let table: string;
let data: ReportData;
beforeAll(async () => {
  runDir = await mkdtemp(join(tmpdir(), "report-build-"));
  await writeFixtureRun(runDir);
  const result = await buildReport({ runDir, scoring });
  page = await readFile(result.page, "utf8");
  table = result.table;
  data = JSON.parse(page.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!);
}, 120_000);
afterAll(() => rm(runDir, { recursive: true, force: true }));

/** What the tests look at in a line of any file, read without the report's own schemas. */
interface Logged {
  [metric: string]: unknown;
  step: number;
  loss: number;
  problemId: number;
  dataSource: string;
  score: number;
  shuffledScore: number;
  ordered: { text: string }[];
}

const lines = async (file: string): Promise<Logged[]> =>
  (await readFile(join(runDir, file), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the numbers of the page are those of the files", () => {
  test("scores and order gaps by task", async () => {
    const [before, after] = [await lines("bench/sft.predictions.jsonl"), await lines("bench/rl.predictions.jsonl")];
    const asked = new Set(after.map(({ problemId }) => problemId));
    expect(data.table.rows).toHaveLength(8);
    expect(data.table.unpaired).toBe(1);
    for (const { task, n, scores, difference, orderGaps, temporal } of data.table.rows) {
      const of = (rows: typeof before) =>
        rows.filter(({ dataSource, problemId }) => dataSource === `miniature/${task}` && asked.has(problemId));
      expect(n).toBe(of(before).length);
      const means = [before, after].map((rows) => average(of(rows).map(({ score }) => score)));
      expect(scores).toEqual(means.map((mean) => expect.closeTo(mean, 12)));
      expect(difference.value).toBeCloseTo(means[1]! - means[0]!, 12);
      const gap = average(of(after).map(({ score, shuffledScore }) => score - shuffledScore));
      expect(orderGaps[1]).toEqual(temporal ? expect.closeTo(gap, 12) : null);
    }
  });

  test("curves", async () => {
    const metrics = await lines("rl/metrics.jsonl");
    const keys = {
      accuracy: "reward/accuracy",
      temporal: "reward/temporal",
      length: "completionLength",
      gap: "temporal/gap",
      format: "reward/format",
      kl: "kl",
    };
    for (const [id, key] of Object.entries(keys)) {
      const curve = data.curves.find((candidate) => candidate.id === id)!;
      expect(curve.steps).toEqual(metrics.map(({ step }) => step));
      expect(curve.lines[0]!.raw).toEqual(metrics.map((line) => line[key] ?? null));
    }
    const loss = data.curves.find(({ id }) => id === "sftLoss")!;
    expect(loss.lines[0]!.raw).toEqual((await lines("sft/metrics.jsonl")).map((line) => line.loss));
  });

  test("shortcut share, step by step", async () => {
    const rollouts = await lines("rl/rollouts.jsonl");
    const { steps, lines: curveLines } = data.curves.find(({ id }) => id === "border")!;
    const shares = steps.map((step) => {
      const texts = rollouts
        .filter((group) => group.step === step && /direction|order/.test(group.dataSource))
        .flatMap((group) => group.ordered.map(({ text }) => text));
      return texts.length === 0 ? null : average(texts.map((text) => Number(text.includes("border"))));
    });
    expect(shares.some((share) => share !== null && share > 0 && share < 1)).toBe(true);
    expect(curveLines[0]!.raw).toEqual(shares);
  });

  test("groups are shown as they were logged, an image and one with p > p̃ among them", async () => {
    const rollouts = await lines("rl/rollouts.jsonl");
    expect(data.groups).toHaveLength(32);
    for (const { step, problem, ordered, shuffled, permutation, p } of data.groups)
      expect(rollouts).toContainEqual(expect.objectContaining({ step, problem, ordered, shuffled, permutation, p }));
    expect(data.groups.some(({ dataType }) => dataType === "image")).toBe(true);
    expect(data.groups.some(({ orderHelped }) => orderHelped)).toBe(true);
  });

  test("the page and the terminal print what the data says", () => {
    const { scores } = data.table.totals[0]!;
    const text = (100 * scores[1]!).toFixed(1);
    expect(data.headline.text).toContain(`${text}\u00a0%`);
    expect(page).toContain(data.headline.text);
    expect(table).toMatch(new RegExp(`temporal tasks +75 .* ${text} `));
  });
});

describe("the page stands alone", () => {
  test("it loads nothing", () => {
    const markup = page.replaceAll(/<script.*?<\/script>/gs, "");
    expect(markup.match(/<(link|img|iframe|object)\b|\ssrc=|href="[^#]|@import|url\(/g)).toBeNull();
    expect(page).toContain("default-src &#39;none&#39;");
  });

  test("it carries uPlot's licence", () => {
    expect(page).toContain("Permission is hereby granted, free of charge");
    expect(page).toContain("Leon Sorokin");
  });
});
