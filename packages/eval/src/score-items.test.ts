import { expect, test } from "vitest";
import { goldenBenchmark } from "../test/golden.ts";
import { itemsOf } from "./items-of.ts";
import type { Prediction } from "./prediction.ts";
import { isDisputed, scoreItems } from "./score-items.ts";
import { official } from "./scorers/official/official.ts";
import type { Scorer } from "./scorers/scorer.ts";
import { videoR1 } from "./scorers/video-r1/video-r1.ts";

const items = itemsOf("video-mme", goldenBenchmark("video-mme").files).slice(0, 4); // golds C, A, ...
const question = { problemType: "multiple choice", solution: "<answer>C</answer>", task: "t" } as const;
const of = (i: number, rest: { output: string } | { reason: string; code?: string }): Prediction =>
  "output" in rest
    ? { ...question, problemId: items[i]!.id, status: "answered", ...rest }
    : { ...question, problemId: items[i]!.id, status: "failed", ...rest };
const gold = items[0]!.gold;
const predictions = [
  of(3, { reason: "boom" }),
  of(2, { reason: "no file", code: "MEDIA_NOT_FOUND" }),
  of(1, { output: "no idea" }),
  of(0, { output: `${gold}.` }),
];
const guess: Scorer = { "video-mme": { read: () => ({ score: null, status: "unjudged" }), aggregate: () => ({}) } };

test("each item ends once, in the order of the items, and is read by every scorer that knows it", () => {
  const results = scoreItems(items, predictions, { official, "video-r1": videoR1, none: {} });
  expect(results.map(({ outcome }) => outcome)).toEqual(["scored", "unparsed", "missing-media", "engine-error"]);
  expect(results.map(({ score }) => score)).toEqual([1, 0, 0, 0]);
  expect(Object.keys(results[0]!.readings)).toEqual(["official", "video-r1"]);
  expect(results[3]!.readings.official).toMatchObject({ score: 0, status: "unparsed" });
});

test("the first scorer is the main one; what only a judge can say is unjudged", () => {
  const [first] = scoreItems(items, predictions, { guess, official });
  expect(first).toMatchObject({ outcome: "unjudged", score: 0 });
});

test("an item is disputed where two scores differ; one without a score takes no part", () => {
  const results = scoreItems(items, predictions, { official, "video-r1": videoR1, guess });
  expect(results.map(isDisputed)).toEqual([true, false, false, false]); // "C." is right for the official parser alone
});

test("a harness's mark for no score earns nothing and disputes nothing", () => {
  const marks: Scorer = { "video-mme": { read: () => ({ score: -1, status: "judge" }), aggregate: () => ({}) } };
  const results = scoreItems(items, predictions, { marks, official });
  expect(results.map(({ score }) => score)).toEqual([0, 0, 0, 0]);
  expect(results[0]).toMatchObject({ outcome: "unjudged", readings: { marks: { score: -1 } } });
  expect(results.map(isDisputed)).toEqual([false, false, false, false]);
});

test("every item needs a prediction, and a scorer", () => {
  expect(() => scoreItems(items, predictions.slice(1), { official })).toThrow(`item ${items[3]!.id} has no prediction`);
  expect(() => scoreItems(items, predictions, {})).toThrow("at least one scorer");
});
