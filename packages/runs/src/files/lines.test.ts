/** Written lines are read back as the same values; the error about a broken line names file and line. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import { answered, failed, graded, group } from "../../test/lines.ts";
import { type BenchSummary, readBenchSummary, writeBenchSummary } from "./bench-summary.ts";
import { openLog, readLines } from "./json-lines.ts";
import { toJson } from "./json-number.ts";
import { LedgerLine, ledgerFile, readLedger } from "./ledger-file.ts";
import { isMachineMetric, MetricsLine, metricsFile, readMetrics } from "./metrics.ts";
import { mendAnswers, PredictionLine, readPredictions, writePredictions } from "./predictions.ts";
import { RolloutGroupLine, readRollouts, readRolloutTexts, rolloutsFile } from "./rollouts.ts";
import { readValidationAnswers, ValidationAnswer, validationFile } from "./validation-answers.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes lines with a run's log. */
function write(name: string, lines: readonly object[]): void {
  const log = openLog(join(folder, name));
  for (const line of lines) log.write(line);
  log.close();
}

const metrics: MetricsLine[] = [
  {
    step: 1,
    loss: Number.NaN,
    kl: 1e-300,
    "seconds/sampling": 1.5,
    "bytes/frames": 2 ** 31,
    trained: 4,
    skipped: 0,
    failed: 1,
    secondsElapsed: 0.25,
  },
  { step: 2, "validation/loss": Number.POSITIVE_INFINITY, trained: 4, skipped: 4, failed: 1, secondsElapsed: 1 },
];
const entries: LedgerLine[] = [
  { step: 1, problemId: 7, outcome: "failed", code: "MEDIA_MISSING", reason: "no <i>file</i>" },
  { step: 1, problemId: "MMVU/7-b", outcome: "skipped", code: "NO_SIGNAL", reason: "all right" },
];
const groups: RolloutGroupLine[] = [0, 1].map((round) => ({ ...group, id: `1/${round}/0`, step: 1, round }));
const answers: ValidationAnswer[] = [
  { step: 2, problemId: 3, text: "x\ny", tokens: 2, rewards: { accuracy: 0.5, format: 1 } },
  { step: 2, problemId: "4", text: "", tokens: 1, rewards: { accuracy: 0 }, failed: "timed out" },
];

describe.each<[string, z.ZodType<object>, readonly object[], () => object[]]>([
  [metricsFile, MetricsLine, metrics, () => readMetrics(folder)],
  [ledgerFile, LedgerLine, entries, () => readLedger(folder)],
  [rolloutsFile, RolloutGroupLine, groups, () => readRollouts(folder)],
  [validationFile, ValidationAnswer, answers, () => readValidationAnswers(folder)],
  ["ordered.jsonl", PredictionLine, [answered, failed], () => mendAnswers(join(folder, "ordered.jsonl"))],
  ["name.predictions.jsonl", PredictionLine, graded, () => readPredictions(folder, "name")],
])("%s", (name, schema, lines, read) => {
  test("is read as it was written", () => {
    write(name, lines);
    expect(read()).toEqual(lines);
  });

  test("an editor's byte order mark and CRLF change nothing", () => {
    write(name, lines);
    const path = join(folder, name);
    writeFileSync(path, `\uFEFF${readFileSync(path, "utf8").replaceAll("\n", "\r\n")}`);
    expect(read()).toEqual(lines);
  });

  test("a line without one of its fields is named, and so is the field", () => {
    write(name, lines);
    const field = "problemId" in lines[0]! ? "problemId" : "step";
    appendFileSync(join(folder, name), `${toJson({ ...lines[0], [field]: undefined })}\n`);
    const place = { code: "RUN_FILE_BROKEN", path: join(folder, name), line: lines.length + 1 };
    expect(read).toThrow(expect.objectContaining(place));
    expect(read).toThrow(`${name}:${lines.length + 1}: ${field}: `);
    expect(() => readLines(join(folder, name), schema)).toThrow(expect.objectContaining(place));
  });
});

test("graded predictions are written as a whole", () => {
  writePredictions(folder, "name", graded);
  writePredictions(folder, "name", graded.slice(1));
  expect(readPredictions(folder, "name")).toEqual(graded.slice(1));
});

test("the summary of an evaluation", () => {
  const row = { name: "all", n: 2, failed: 1, accuracy: { n: 2, mean: 0.5, low: 0.1, high: 0.9 } };
  const scores = { overall: row, types: [row], tasks: [], taskMean: 0.5, score: 0.5 };
  const summary: BenchSummary = {
    name: "tiny",
    model: "m",
    grading: "training",
    nframes: [4, 8],
    ordered: scores,
    shuffled: null,
  };
  writeBenchSummary(folder, summary);
  expect(readBenchSummary(folder, "tiny")).toEqual(summary);
  writeFileSync(join(folder, "tiny.json"), "{}");
  expect(() => readBenchSummary(folder, "tiny")).toThrow(
    expect.objectContaining({ code: "RUN_FILE_BROKEN", path: join(folder, "tiny.json") }),
  );
});

describe("rollouts", () => {
  test("can be read without their tokens, and by what an earlier version wrote", () => {
    const { policyVersion, failed, ...earlier } = group;
    const plain = <T extends object>({
      entropy,
      refLogps,
      permutedLogps,
      rewards,
      ...line
    }: T & Record<string, unknown>) => line;
    const line = {
      step: 1,
      ...earlier,
      ordered: earlier.ordered.map((rollout) => plain(rollout)),
      shuffled: earlier.shuffled.map(({ contrast, ...rollout }) => plain(rollout)),
    };
    write(rolloutsFile, [line]);
    expect(readRollouts(folder)).toEqual([line]);
    const [{ ordered, shuffled } = { ordered: [], shuffled: [] }] = readRolloutTexts(folder);
    expect([...ordered, ...shuffled].map(({ text }) => text)).toHaveLength(2);
    for (const rollout of [...ordered, ...shuffled]) expect(rollout).not.toHaveProperty("logps");
  });

  test.each(["logps", "entropy", "refLogps", "permutedLogps"])("need %s for every token", (name) => {
    const [line] = groups;
    const short = { ...line, shuffled: [{ ...line!.shuffled[0], [name]: [-1] }] };
    write(rolloutsFile, [line!, short]);
    expect(() => readRollouts(folder)).toThrow(
      `${rolloutsFile}:2: shuffled.0.${name}: needs as many values as completionIds, 3, and has 1`,
    );
  });
});

test("what a machine said of itself is told from results", () => {
  const names = ["secondsElapsed", "tokensPerSecond", "seconds/sampling", "bytes/frames", "loss", "validation/seconds"];
  expect(names.filter(isMachineMetric)).toEqual(names.slice(0, 4));
});

test("NaN is text in the file", () => {
  write(metricsFile, metrics.slice(0, 1));
  expect(readFileSync(join(folder, metricsFile), "utf8")).toContain('"loss":"NaN"');
});
