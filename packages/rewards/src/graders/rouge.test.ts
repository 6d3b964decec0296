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

test.each([
  {
    target: "the cat sat on the mat",
    prediction: "the cat",
    rouge1: [1, 2 / 6],
    rouge2: [1, 1 / 5],
    rougeL: [1, 2 / 6],
  },
  { target: "a b c", prediction: "c b a a", rouge1: [3 / 4, 1], rouge2: [0, 0], rougeL: [1 / 4, 1 / 3] },
  { target: "a", prediction: "a", rouge1: [1, 1], rouge2: [0, 0], rougeL: [1, 1] },
  { target: "", prediction: "a", rouge1: [0, 0], rouge2: [0, 0], rougeL: [0, 0] },
])("precision and recall of $prediction for $target", ({ target, prediction, ...expected }) => {
  const score = rougeScore(target, prediction);
  for (const name of ["rouge1", "rouge2", "rougeL"] as const) {
    expect([score[name].precision, score[name].recall]).toEqual(expected[name]);
  }
});

test("the stemmer is on, unless it is off", () => {
  expect(rougeScore("running", "runs").rouge1.fMeasure).toBe(1);
  expect(rougeScore("running", "runs", { useStemmer: false }).rouge1.fMeasure).toBe(0);
});
