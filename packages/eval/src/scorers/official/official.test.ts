import { describe, expect, test } from "vitest";
import { goldenBenchmark } from "../../../test/golden.ts";
import { asGolden, goldenAggregate, goldenItems, goldenOutputs, goldenScores } from "../../../test/recorded-scores.ts";
import type { BenchmarkName } from "../../benchmark-name.ts";
import type { BenchmarkItem } from "../../item.ts";
import type { BenchmarkScorer } from "../scorer.ts";
import { officialAnswerFirst } from "./answer-first.ts";
import { official } from "./official.ts";
import { createVideoMmmu } from "./video-mmmu.ts";

const outputs = goldenOutputs().map(({ text }) => text);
const names = Object.keys(official) as BenchmarkName[];
const roundedTo9 = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, x) => (typeof x === "number" ? Number(x.toFixed(9)) : x));

/** A run's aggregate; of VideoMMMU, whose recorded ones have it, with each track's accuracy by the repository's own JSON. */
function aggregateOf(name: BenchmarkName, asked: readonly BenchmarkItem[], replies: Record<string, string>): unknown {
  const results = run(official[name]!);
  if (name !== "video-mmmu") return results;
  const own = run(createVideoMmmu("repository")) as Record<string, { overall: number }>;
  return Object.fromEntries(
    Object.entries(results).map(([track, values]) => [
      track,
      Object.assign({ overallFromRepositoryJson: own[track]!.overall }, values),
    ]),
  );

  function run({ read, aggregate }: BenchmarkScorer): Record<string, unknown> {
    const readings = asked.map((item) => read(item, replies[item.id]!));
    return aggregate(asked, readings) as Record<string, unknown>;
  }
}

test("eight benchmarks have a scorer of rules", () => expect(names).toHaveLength(8));

describe.each(names)("%s", (name) => {
  const items = goldenItems(name);
  const scorer = official[name]!;

  test.each(Object.entries(goldenScores("official", name)))("the outputs read for item %s", (id, expected) => {
    const readings = outputs.map((output) => scorer.read(items.get(id)!, output));
    expect(readings).toHaveLength(654);
    expect(roundedTo9(asGolden(readings, expected))).toEqual(roundedTo9(expected));
  });

  test.each(Object.entries(goldenBenchmark(name).runs))("run %s", (run, replies) => {
    const asked = Object.keys(replies).map((id) => items.get(id)!);
    expect(roundedTo9(aggregateOf(name, asked, replies))).toEqual(roundedTo9(goldenAggregate(name, run, "official")));
  });
});

describe("what ends the harness is a status, and its run an error", () => {
  const item = (shape: Partial<BenchmarkItem>): BenchmarkItem => ({
    ...[...goldenItems("vsi-bench").values()][0]!,
    ...shape,
  });

  test("VSI-Bench divides by a truth of 0", () => {
    const zero = item({ options: [], gold: "0", groups: { task: "object_counting" } });
    const reading = official["vsi-bench"]!.read(zero, "3");
    expect(reading).toEqual({ score: null, extracted: "3", status: "error:ZeroDivisionError" });
    expect(official["vsi-bench"]!.aggregate([zero], [reading])).toEqual({ error: "ZeroDivisionError" });
    expect(official["vsi-bench"]!.read(zero, "none")).toEqual({ score: 0, extracted: "none" });
  });

  test("VSI-Bench looks for all three levels of relative direction", () => {
    const easy = item({ groups: { task: "object_rel_direction_easy" } });
    expect(official["vsi-bench"]!.aggregate([easy], [{ score: 1 }])).toEqual({ error: "KeyError" });
  });

  test("POPE divides by the number of answers yes, TempCompass by that of each aspect", () => {
    const [pope] = goldenItems("pope").values();
    expect(official.pope!.aggregate([pope!], [official.pope!.read(pope!, "no")])).toMatchObject({
      random: { error: "ZeroDivisionError" },
    });
    const [tempcompass] = goldenItems("tempcompass").values();
    expect(official.tempcompass!.aggregate([tempcompass!], [{ score: 1 }])).toEqual({
      "multi-choice": { error: "ZeroDivisionError" },
    });
  });
});

test("answerFirst cuts the answer out before the official parser reads it", () => {
  const item = [...goldenItems("vsi-bench").values()].find(({ gold, options }) => gold === "C" && options.length > 0)!;
  const output = "<think>A or B?</think>\n<answer>C. a kettle</answer>";
  expect(official["vsi-bench"]!.read(item, output)).toMatchObject({ score: 0, extracted: "<think>A" });
  expect(officialAnswerFirst["vsi-bench"]!.read(item, output)).toMatchObject({ score: 1, extracted: "C" });
  expect(Object.keys(officialAnswerFirst)).toEqual(Object.keys(official));
});
