import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureNotes } from "../test/fixture-notes.ts";
import { writeFixtureRun } from "../test/fixture-run.ts";
import { armNames, settings } from "../test/fixture-settings.ts";
import { buildReport } from "./build-report.ts";
import { readMainJob, readStudy } from "./read/study.ts";
import type { ReportData } from "./report-data.ts";

let runDir: string;
let page: string;
let table: string;
let data: ReportData;
beforeAll(async () => {
  runDir = await mkdtemp(join(tmpdir(), "report-build-"));
  await writeFixtureRun(runDir);
  const study = await readMainJob(runDir, armNames, settings);
  table = (await buildReport(study, { title: "A run", page: join(runDir, "report.html"), notes: fixtureNotes })).table!;
  page = await readFile(join(runDir, "report.html"), "utf8");
  data = dataOf(page);
});
afterAll(() => rm(runDir, { recursive: true, force: true }));

/** The page's embedded JSON. */
const dataOf = (page: string): ReportData =>
  JSON.parse(page.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!);

/** The fields that the tests read from a line of any file, without the report's own schemas. */
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
  test("scores, differences and order gaps by task", async () => {
    const benches = await Promise.all(["sft", ...armNames].map((name) => lines(`bench/${name}.predictions.jsonl`)));
    const asked = new Set(benches.at(-1)!.map(({ problemId }) => problemId));
    expect(data.table!.models).toEqual(["SFT", ...armNames]);
    expect(data.table!.rows).toHaveLength(8);
    expect(data.table!.unpaired).toBe(1);
    for (const { task, n, scores, changes, differences, orderGaps, temporal } of data.table!.rows) {
      const ofTask = benches.map((rows) =>
        rows.filter(({ dataSource, problemId }) => dataSource === `fixture/${task}` && asked.has(problemId)),
      );
      expect(n).toBe(ofTask[0]!.length);
      const means = ofTask.map((rows) => average(rows.map(({ score }) => score)));
      const [sft, grpo, ...others] = means as [number, number, number, number];
      const near = (values: number[]) => values.map((value) => expect.closeTo(value, 12));
      expect(scores.map(({ mean }) => mean)).toEqual(near(means));
      expect(changes.map(({ mean }) => mean)).toEqual(near([grpo, ...others].map((mean) => mean - sft)));
      expect(differences.map(({ mean }) => mean)).toEqual(near(others.map((mean) => mean - grpo)));
      const gap = average(ofTask[2]!.map(({ score, shuffledScore }) => score - shuffledScore));
      expect(orderGaps[2]?.mean).toEqual(temporal ? expect.closeTo(gap, 12) : undefined);
    }
  });

  test("validations at their own steps, as they are", () => {
    const curveOf = (id: string) => data.curves.find((curve) => curve.id === id)!;
    const { steps, lines } = curveOf("validation");
    expect(steps).toEqual([20, 40, 60]);
    expect(lines).toHaveLength(armNames.length);
    for (const line of lines) {
      expect(line.raw).toEqual([19, 39, 59].map((i) => 0.5 + i / 200));
      expect(line).toMatchObject({ smooth: line.raw, first: line.raw[0], last: line.raw[2] });
    }
    expect(curveOf("sftValidation").steps).toEqual([50, 100, 150, 200]);
  });

  test("curves, a line an arm", async () => {
    const keys = {
      accuracy: "reward/accuracy",
      length: "completionLength",
      pShuffled: "temporal/pShuffled",
      gap: "temporal/gap",
      contrast: "contrast/delta",
      format: "reward/format",
      kl: "kl",
    };
    for (const [id, key] of Object.entries(keys)) {
      const curve = data.curves.find((candidate) => candidate.id === id)!;
      const drawn = key.startsWith("temporal/") ? ["tgrpo"] : key.startsWith("contrast/") ? ["contrast"] : armNames;
      expect(curve.lines.map(({ arm }) => armNames[arm])).toEqual(drawn);
      for (const { arm, raw, band } of curve.lines) {
        const metrics = await lines(`rl/${armNames[arm]}/metrics.jsonl`);
        expect(curve.steps).toEqual(metrics.map(({ step }) => step));
        expect(raw).toEqual(metrics.map((line) => line[key] ?? null));
        expect(band).toBeNull();
      }
    }
    const loss = data.curves.find(({ id }) => id === "sftLoss")!;
    expect(loss.lines[0]!.raw).toEqual((await lines("sft/metrics.jsonl")).map((line) => line.loss ?? null));
  });

  test("the temporal reward is drawn only where there is one", () => {
    const curve = data.curves.find(({ id }) => id === "temporal")!;
    expect(curve.lines.map(({ arm }) => armNames[arm])).toEqual(["tgrpo"]);
  });

  test("shortcut share, step by step", async () => {
    const rollouts = await lines("rl/tgrpo/rollouts.jsonl");
    const { steps, lines: curveLines } = data.curves.find(({ id }) => id === "border")!;
    const shares = steps.map((step) => {
      const texts = rollouts
        .filter((group) => group.step === step && /direction|order/.test(group.dataSource))
        .flatMap((group) => group.ordered.map(({ text }) => text));
      return texts.length === 0 ? null : average(texts.map((text) => Number(text.includes("border"))));
    });
    expect(shares.some((share) => share !== null && share > 0 && share < 1)).toBe(true);
    expect(curveLines[1]!.raw).toEqual(shares);
  });

  test("groups are shown as they were logged, an image and one with p > p̃ among them", async () => {
    const rollouts = await Promise.all(armNames.map((name) => lines(`rl/${name}/rollouts.jsonl`)));
    expect(data.groups).toHaveLength(3 * 64);
    expect(data.strips).toHaveLength(64);
    for (const { arm, step, problem, ordered, shuffled, permutation, p } of data.groups)
      expect(rollouts[arm]).toContainEqual(
        expect.objectContaining({ step, problem, ordered, shuffled, permutation, p }),
      );
    expect(data.groups.some(({ dataType }) => dataType === "image")).toBe(true);
    expect(data.groups.some(({ traits }) => traits.includes("p > p̃"))).toBe(true);
  });

  test("the page and the terminal print what the data says", () => {
    const [sft, grpo, tgrpo, contrast] = data.table!.totals[0]!.scores.map(({ mean }) => (100 * mean).toFixed(1));
    expect(data.headline.text).toContain(
      `${grpo}\u00a0% (grpo), ${tgrpo}\u00a0% (tgrpo) and ${contrast}\u00a0% (contrast)`,
    );
    expect(page).toContain(data.headline.text);
    expect(table).toMatch(new RegExp(`temporal tasks +75 +${sft} +${grpo} +${tgrpo} +${contrast} `));
  });
});

/** A page without script and style. */
const words = (page: string): string =>
  page
    .replaceAll(/<(script|style).*?<\/\1>/gs, "")
    .replaceAll(/<[^>]*>/g, " ")
    .toLowerCase();

describe("what is special about the data", () => {
  test("the page says all that the notes say", () => {
    for (const text of [
      "whether the policy looks at the order of the frames, or at the border that gives the answer away.",
      "on held-back questions, without borders that tell, with its",
      "a trap &amp; a &lt;b&gt;hint&lt;/b&gt;.",
      "thoughts that lean on the border.",
      "of thoughts lean on it, first and last 6 rl steps",
      "3 arms, 3 totals",
      "names the border",
      "real borders are wider.",
    ])
      expect(words(page)).toContain(text);
    expect(data.notes.markWords).toEqual(fixtureNotes.markWords);
    expect(data.groups.some(({ traits }) => traits.includes("names the border"))).toBe(true);
  });

  test("without notes the page speaks of no data set", async () => {
    const file = join(runDir, "plain.html");
    await buildReport(await readMainJob(runDir, armNames, settings), { title: "A run", page: file });
    const plain = await readFile(file, "utf8");
    expect(words(plain)).not.toMatch(/border|four colou?rs|shortcut|miniature|times smaller|temporal tasks/);
    expect(dataOf(plain).table!.totals.map(({ task, n }) => [task, n])).toEqual([["all tasks", 119]]);
    expect(dataOf(plain).curves.map(({ id }) => id)).toEqual(
      data.curves.map(({ id }) => id).filter((id) => id !== "border"),
    );
  });
});

describe("a page of several seeds", () => {
  let seeds: ReportData;
  beforeAll(async () => {
    for (const arm of ["grpo", "tgrpo"])
      for (const seed of [0, 1])
        await cp(join(runDir, "rl", arm), join(runDir, "seeds", arm, String(seed), "rl"), { recursive: true });
    const file = join(runDir, "seeds/tgrpo/1/rl/metrics.jsonl");
    const metrics = (await lines("seeds/tgrpo/1/rl/metrics.jsonl")).map((line) => ({
      ...line,
      kl: Number(line.kl) + 0.2,
    }));
    await writeFile(file, metrics.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const study = await readStudy([join(runDir, "seeds")], { settings });
    const page = join(runDir, "seeds/report.html");
    expect(await buildReport(study, { title: "Seeds", page })).toEqual({ table: null });
    seeds = dataOf(await readFile(page, "utf8"));
  });

  test("has a band around the median where the seeds differ", async () => {
    const { lines: drawn, steps } = seeds.curves.find(({ id }) => id === "kl")!;
    const kl = (await lines("rl/tgrpo/metrics.jsonl")).map((line) => Number(line.kl));
    const near = (values: number[]) => values.map((value) => expect.closeTo(value, 12));
    expect(drawn.map(({ raw }) => raw)).toEqual([near(kl), near(kl.map((value) => value + 0.1))]);
    const { low, high } = drawn[1]!.band!;
    expect(steps.map((_, i) => high[i]! - low[i]!)).toEqual(near(steps.map(() => 0.1)));
    expect(drawn[0]!.band!.low).toEqual(drawn[0]!.band!.high);
  });

  test("compares the ends of the curves seed by seed, and no held-back scores", () => {
    const { ends, differences } = seeds.ends.find(({ title }) => title === "KL divergence")!;
    expect(ends.map((end) => end!.n)).toEqual([2, 2]);
    expect(differences[0]).toMatchObject({ n: 2, mean: expect.closeTo(0.1, 12) });
    expect(seeds.table).toBeNull();
    expect(seeds.headline.text).toBe("4 runs of RL: grpo and tgrpo, 60 steps each.");
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
