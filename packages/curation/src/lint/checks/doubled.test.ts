import { expect, test } from "vitest";
import { choice, type Fields, findingsOf, open } from "../../../test/made-records.ts";
import { checks } from "../checks.ts";

const codesOf = (...records: Fields[]) => {
  const found = findingsOf(records, {
    checks: checks.filter(({ code }) => /_(DOUBLED|CONTRADICTS|REPEATED)$/.test(code) && !code.startsWith("OPTION")),
  });
  return Object.fromEntries(
    found.map(({ code, records, groups }) => [code, [...records, ...groups].map(({ note }) => note)]),
  );
};

test.each<[Fields, Fields, string]>([
  [choice(), choice({ problem_id: 2, path: "clips/1.mp4" }), "the same, at another spelling of the path"],
  [choice(), choice({ problem_id: 2, problem: "which COLOR  comes first" }), "but for case and spaces"],
  [
    choice(),
    choice({ problem_id: 2, options: ["A. green", "B. blue", "C. red"], solution: "<answer>A</answer>" }),
    "with the options in another order",
  ],
])("%#: asked twice: %s", (first, second) => {
  expect(codesOf(first, second)).toEqual({ QUESTION_DOUBLED: ["as 1"] });
});

test.each<[Fields, Fields, string]>([
  [choice(), choice({ problem_id: 2, solution: "<answer>C</answer>" }), "another letter"],
  [open("numerical", "3"), open("numerical", "4", { problem_id: 2 }), "another number"],
  [
    choice(),
    choice({ problem_id: 2, options: ["A. green", "B. blue", "C. red"] }),
    "the same letter of options in another order",
  ],
])("%#: golds against each other: %s", (first, second) => {
  expect(codesOf(first, second)).toEqual({ GOLD_CONTRADICTS: ["against 1"] });
});

test.each<[Fields, Fields, string]>([
  [choice(), choice({ problem_id: 2, path: "clips/2.mp4" }), "other media"],
  [choice(), choice({ problem_id: 2, problem: "Which color comes last?" }), "another question"],
  [choice(), choice({ problem_id: 2, options: ["A. red", "B. green", "C. black"] }), "other options"],
  [choice({ problem_id: "07" }), choice({ problem_id: 7, path: "b.mp4" }), "ids that differ as texts"],
])("%#: sound beside each other: %s", (first, second) => {
  expect(codesOf(first, second)).toEqual({});
});

test("ids that are equal as texts are the same", () => {
  const others = [7, "7", "a", "a", "b"].map((problem_id, i) => choice({ problem_id, path: `${i}.mp4` }));
  expect(codesOf(...others)).toEqual({ ID_DOUBLED: ["7", "a"] });
});

test("media of fifty records are told, of forty-nine not", () => {
  const asked = (count: number) =>
    Array.from({ length: count }, (_, i) => choice({ problem_id: i, problem: `Which is ${i}?`, path: "./a/b.mp4" }));
  expect(codesOf(...asked(49))).toEqual({});
  expect(codesOf(...asked(50))).toEqual({ MEDIA_REPEATED: ["50 records"] });
});
