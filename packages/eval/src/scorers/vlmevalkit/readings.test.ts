import { describe, expect, test } from "vitest";
import { goldenItems } from "../../../test/recorded-scores.ts";
import type { BenchmarkName } from "../../benchmark-name.ts";
import { vlmevalkit, vlmevalkitBare, vlmevalkitSplitThink } from "./index.ts";

/** Scores of one output by VLMEvalKit over its files, bare, and with SPLIT_THINK. */
function scores(name: BenchmarkName, id: string, output: string): (number | null)[] {
  const item = goldenItems(name).get(id)!;
  return [vlmevalkit, vlmevalkitBare, vlmevalkitSplitThink].map((scorer) => scorer[name]!.read(item, output).score);
}

describe("VLMEvalKit's readings differ", () => {
  test("where a file changes the reply: an open answer, an empty one", () => {
    expect(scores("video-mmmu", "Adaptation/validation_Math_902", "Answer: 42")).toEqual([0, 1, 0]);
    expect(scores("mvbench", "object_existence/0", "")).toEqual([null, 1, null]);
  });

  test("where letters stand in the thinking", () => {
    expect(scores("video-mme", "001-1", "<think>A or B?</think>\nC")).toEqual([0, 0, 1]);
  });
});
