import { expect, test } from "vitest";
import { readOptions, withLetters, withoutLetters } from "./options.ts";

test.each<[string, unknown, string[]]>([
  ["a list", ["a", 2, true], ["a", "2", "true"]],
  ["letters", { B: "b", A: "a", C: "" }, ["a", "b"]],
  ["labels beside texts", { label: ["A", "B"], text: ["x", "y"] }, ["x", "y"]],
  [
    "objects",
    [
      { choice_id: 0, choice: "x" },
      { label: "B", text: "y" },
    ],
    ["x", "y"],
  ],
  ["JSON", '["a|b", "c"]', ["a|b", "c"]],
  ["JSON of letters", '{"A": "a", "B": "b"}', ["a", "b"]],
  ["a Python list", "['it\\'s', \"a, b\", 'c']", ["it's", "a, b", "c"]],
  ["lines", "A. one; two\nB. three\n", ["A. one; two", "B. three"]],
  ["bars", "one | two", ["one", "two"]],
  ["semicolons", "one;two;", ["one", "two"]],
])("options as %s", (_, value, expected) => {
  expect(readOptions(value)).toEqual(expected);
});

test.each<[string, unknown, string]>([
  ["a text alone", "one", "no list"],
  ["a number", 3, "no list"],
  ["other keys", { first: "a" }, "no list"],
  ["a gap", ["a", "", "b"], "option B is empty"],
  ["other objects", [{ say: "a" }], "no text"],
  ["a Python list cut short", "['a', 'b", "no list"],
  ["numpy's list without commas", "['a' 'b']", "no list"],
  ["more than letters", Array.from({ length: 27 }, (_, i) => `${i}`), "27 options"],
])("options that are none: %s", (_, value, message) => {
  expect(() => readOptions(value)).toThrow(message);
});

test("letters are put before options unless each has its own", () => {
  expect(withLetters(["cat", "dog"])).toEqual(["A. cat", "B. dog"]);
  expect(withLetters(["A. cat", "(B) dog"])).toEqual(["A. cat", "(B) dog"]);
  expect(withLetters(["A. cat", "dog"])).toEqual(["A. A. cat", "B. dog"]);
  expect(withoutLetters(["A. cat", "B) dog"])).toEqual(["cat", "dog"]);
  expect(withoutLetters(["B. cat", "A. dog"])).toEqual(["B. cat", "A. dog"]);
});
