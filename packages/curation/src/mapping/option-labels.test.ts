import { expect, test } from "vitest";
import { answerLetter, surveyedLetter } from "./answer-letter.ts";
import { makeRecord } from "./make-record.ts";
import { readChoices } from "./option-labels.ts";

test.each<[string, unknown, unknown, string]>([
  ["another order", ["B. x", "A. y"], "A", "B"],
  ["another order, by text", ["B. x", "A. y"], "x", "A"],
  ["another order, by both", ["B. x", "A. y"], "B. x", "A"],
  ["no spaces", ["B.x", "A.y"], "B", "A"],
  ["another beginning", ["B. x", "C. y"], "B", "A"],
  ["small letters", "a) x|b) y", "b", "B"],
  ["numbers from 0", "0. x|1. y", "1", "B"],
  ["numbers from 1", "1. x|2. y", 1, "A"],
  ["labels beside texts", { label: ["B", "A"], text: ["x", "y"] }, "B", "A"],
  ["labels of both kinds", { label: ["B", "A"], text: ["B. x", "A. y"] }, "B", "A"],
  ["numbers beside texts", { label: ["1", "2"], text: ["x", "y"] }, "2", "B"],
  [
    "labels in objects",
    [
      { label: "B", text: "x" },
      { label: "A", text: "y" },
    ],
    "B",
    "A",
  ],
])("labels of options: %s", (_, value, answer, letter) => {
  const { options, labels } = readChoices(value);
  expect(options).toEqual(["x", "y"]);
  expect(answerLetter(answer, options, "auto", labels)).toBe(letter);
  expect(surveyedLetter(answer, options, undefined, labels)).toBe(letter);
  const made = makeRecord(
    { problem: "What?", video: "a.mp4", options: value, solution: answer },
    {},
    { locate: (path) => path, numbers: undefined, number: () => 1 },
  );
  expect(made.record).toMatchObject({ options: ["A. x", "B. y"], solution: `<answer>${letter}</answer>` });
});

test.each<[string, unknown, string]>([
  ["twice", ["A. x", "A. y"], "several options have the label A"],
  ["twice beside", { label: ["A", "A"], text: ["x", "y"] }, "several options have the label A"],
  ["on some", ["A. x", "B. y", "z"], 'the option "z" has no label'],
  ["of two orders", { label: ["B", "A"], text: ["A. x", "B. y"] }, "labels B, A and A, B"],
])("labels that tell nothing: %s", (_, value, message) => {
  expect(() => readChoices(value)).toThrow(message);
});

test.each<[string, string[]]>([
  ["in order", ["A. x", "(B) y"]],
  ["abbreviations", ["U.S.A", "U.K."]],
  ["numbers and times", ["1.5 m", "1: 30"]],
  ["initials", ["I. Newton", "A. Einstein"]],
  ["the same initial", ["J. Smith", "J. Jones"]],
  ["one initial", ["A. Lincoln", "George Washington"]],
])("texts that stay as they are: %s", (_, options) => {
  expect(readChoices(options)).toEqual({ options, labels: undefined });
});
