import { describe, expect, test } from "vitest";
import { readGolden } from "../../test/golden.ts";
import { type RougeScore, rougeScore } from "./rouge.ts";

type FMeasures = Record<"rouge1" | "rouge2" | "rougeL", number>;

interface RougeGolden {
  source: { repo: string; version: string };
  tolerance: number;
  cases: { id: string; target: string; prediction: string; stem: FMeasures; nostem: FMeasures }[];
}
const golden = readGolden<RougeGolden>("rouge");

describe(`as ${golden.source.version}`, () => {
  test.each(golden.cases)("$id", ({ target, prediction, stem, nostem }) => {
    expectScore(rougeScore(target, prediction), stem);
    expectScore(rougeScore(target, prediction, { useStemmer: false }), nostem);
  });

  test("all 320 recorded cases are here", () => expect(golden.cases).toHaveLength(320));
});

function expectScore(actual: RougeScore, expected: FMeasures): void {
  for (const name of ["rouge1", "rouge2", "rougeL"] as const) {
    expect(Math.abs(actual[name].fMeasure - expected[name]), name).toBeLessThanOrEqual(golden.tolerance);
  }
}
