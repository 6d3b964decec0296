import { describe, expect, test } from "vitest";
import { goldenBenchmark } from "../../../test/golden.ts";
import { asGolden, goldenAggregate, goldenItems, goldenOutputs, goldenScores } from "../../../test/recorded-scores.ts";
import { paperBenchmarkNames } from "../../benchmark-name.ts";
import { videoR1 } from "./video-r1.ts";

const outputs = goldenOutputs().map(({ text }) => text);
const roundedTo6 = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, x) => (typeof x === "number" ? Number(x.toFixed(6)) : x));

describe.each(paperBenchmarkNames)("%s", (name) => {
  const items = goldenItems(name);
  const scorer = videoR1[name]!;

  test.each(Object.entries(goldenScores("video-r1", name)))("the outputs read for item %s", (id, expected) => {
    const readings = outputs.map((output) => scorer.read(items.get(id)!, output));
    expect(readings).toHaveLength(654);
    expect(roundedTo6(asGolden(readings, expected))).toEqual(roundedTo6(expected));
  });

  test.each(Object.entries(goldenBenchmark(name).runs))("run %s", (run, replies) => {
    const asked = Object.keys(replies).map((id) => items.get(id)!);
    const readings = asked.map((item) => scorer.read(item, replies[item.id]!));
    expect(roundedTo6(scorer.aggregate(asked, readings))).toEqual(roundedTo6(goldenAggregate(name, run, "video-r1")));
  });
});
