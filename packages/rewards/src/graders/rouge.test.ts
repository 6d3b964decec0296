import { describe, expect, test } from "vitest";
import { readGolden } from "../../test/golden.ts";
import { type RougeScore, rougeScore } from "./rouge.ts";

interface RougeGolden {
  source: { repo: string; version: string };
  tolerance: number;
  cases: { id: string; target: string; prediction: string; stem: RougeScore; nostem: RougeScore }[];
}
const golden = readGolden<RougeGolden>("rouge");

describe(`as ${golden.source.version}`, () => {
  test.each(golden.cases)("$id", ({ target, prediction, stem, nostem }) => {
    expectScore(rougeScore(target, prediction), stem);
    expectScore(rougeScore(target, prediction, { stem: false }), nostem);
  });

  test("all 320 recorded cases are here", () => expect(golden.cases).toHaveLength(320));
});

function expectScore(actual: RougeScore, expected: RougeScore): void {
  for (const name of ["rouge1", "rouge2", "rougeL"] as const) {
    expect(Math.abs(actual[name] - expected[name]), name).toBeLessThanOrEqual(golden.tolerance);
  }
}
