import { expect, test } from "vitest";
import { answerLetter, emptySurvey, meaningOf, surveyAnswer, surveyedLetter } from "./answer-letter.ts";
import type { AnswerKind } from "./mapping.ts";

const colours = ["red", "green", "Blue"];

test.each<[unknown, readonly string[], AnswerKind, string]>([
  ["B", colours, "auto", "B"],
  ["(b)", colours, "auto", "B"],
  ["C.", colours, "auto", "C"],
  ["B. green", colours, "auto", "B"],
  ["A) red", ["A) red", "B) green"], "auto", "A"],
  ["blue.", colours, "auto", "C"],
  ["A", ["x", "a"], "text", "B"],
  ["x", ["X", "x"], "auto", "B"],
  ["2", ["1", "2"], "auto", "B"],
  [2, colours, "index0", "C"],
  ["2", colours, "index1", "B"],
])("the answer %j to %j as %s is %s", (answer, options, kind, letter) => {
  expect(answerLetter(answer, options, kind)).toBe(letter);
});

test.each<[unknown, readonly string[], AnswerKind, string]>([
  ["D", colours, "auto", "names none of 3 options"],
  ["B. red", colours, "auto", "names none of 3"],
  ["purple", colours, "auto", "names none"],
  ["red", ["red", "red"], "auto", "the text of the options A and B"],
  ["A", ["B", "A"], "auto", "is a letter and the text of option B"],
  [1, colours, "auto", "answerIs=index0 or answerIs=index1"],
  [3, colours, "index0", "not the number of one of 3"],
  [0, colours, "index1", "not the number of one of 3"],
  ["x", colours, "index0", "no number of an option"],
  [1.5, colours, "index0", "no number of an option"],
  ["B", colours, "text", "names none"],
  ["green", colours, "letter", "names none"],
])("the answer %j to %j as %s is refused", (answer, options, kind, message) => {
  expect(() => answerLetter(answer, options, kind)).toThrow(message);
});

const survey = (...answers: [unknown, readonly string[]][]) => {
  const seen = emptySurvey();
  for (const [answer, options] of answers) surveyAnswer(seen, answer, options);
  return meaningOf(seen);
};

test("what numbers mean is told by all rows together", () => {
  expect(survey(["B", colours], ["red", colours])).toBe("auto");
  expect(survey(["2", colours], [0, colours])).toBe("index0");
  expect(survey(["1", colours], [3, colours])).toBe("index1");
  expect(survey(["1", colours], ["2", colours])).toBeUndefined();
  expect(survey([0, colours], [3, colours])).toBeUndefined();
  expect(survey([0, colours], ["2", ["1", "2"]])).toBeUndefined();
  expect(survey(["2", ["1", "2"]])).toBe("auto");
});

test("with a meaning, letters and texts are read besides numbers", () => {
  expect([0, "1", "C", "green"].map((answer) => surveyedLetter(answer, colours, "index0"))).toEqual([
    "A",
    "B",
    "C",
    "B",
  ]);
  expect(() => surveyedLetter("1", colours, undefined)).toThrow("say answerIs=");
});
