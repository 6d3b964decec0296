import { describe, expect, test } from "vitest";
import { choice, type Fields, findingsOf, open, read, soundRecords } from "../../test/made-records.ts";
import { checks } from "./checks.ts";
import { fixRecord } from "./fix-record.ts";

const fix = (fields: Fields) => {
  const { record, codes } = fixRecord(read(fields), checks, (changed) => read(changed));
  const changes = Object.entries(record.fields).filter(([name, value]) => value !== fields[name]);
  return { changes: Object.fromEntries(changes), codes };
};

describe("what is safe to mend", () => {
  test.each<[faulty: Fields, changes: Fields, code: string]>([
    [open("free form", "a cat"), { problem_type: "free-form" }, "TYPE_SPELLING"],
    [open("numerical", "3", { options: null }), { options: [] }, "OPTIONS_NULL"],
    [choice({ problem: "\ufeffWhich? " }), { problem: "Which?" }, "TEXT_SPACE"],
    [choice({ problem: "<video>\nWhich?" }), { problem: "Which?" }, "TEXT_MEDIA_TAG"],
    [choice({ problem: "Which? <video>" }), { problem: "Which?" }, "TEXT_MEDIA_TAG"],
    [choice({ solution: "B" }), { solution: "<answer>B</answer>" }, "GOLD_UNTAGGED"],
    [choice({ solution: "<answer>(b)</answer>" }), { solution: "<answer>B</answer>" }, "GOLD_FORM"],
    [choice({ solution: "<answer>blue</answer>" }), { solution: "<answer>C</answer>" }, "GOLD_FORM"],
    [open("numerical", "1,234,567"), { solution: "<answer>1234567</answer>" }, "GOLD_GROUPED"],
    [
      choice({ options: ["red", "green"], solution: "<answer>green</answer>" }),
      { options: ["A. red", "B. green"], solution: "<answer>B</answer>" },
      "OPTION_LETTER_MISSING",
    ],
  ])("%j", (faulty, changes, code) => {
    expect(fix(faulty)).toEqual({ changes, codes: [code] });
    const again = { ...faulty, ...changes };
    expect(fix(again)).toEqual({ changes: {}, codes: [] });
    expect(findingsOf([again])).toEqual([]);
  });

  test("one fix prepares the next", () => {
    const faulty = choice({ problem_type: "Multiple Choice", options: ["red ", "green"], solution: "green", extra: 1 });
    expect(fix(faulty)).toEqual({
      changes: {
        problem_type: "multiple choice",
        options: ["A. red", "B. green"],
        solution: "<answer>B</answer>",
      },
      codes: ["TYPE_SPELLING", "TEXT_SPACE", "GOLD_UNTAGGED", "OPTION_LETTER_MISSING"],
    });
  });
});

test.each<[Fields, string]>([
  [open("numerical", "1,5"), "a comma that may part two numbers"],
  [open("numerical", "5 cm"), "a unit"],
  [open("numerical", "3.0"), "a decimal mark"],
  [choice({ problem: "In <video>, which?" }), "a tag inside the sentence"],
  [choice({ options: ["red", "B. green"] }), "some letters alone"],
  [choice({ options: ["1. red", "2. green"], solution: "<answer>1</answer>" }), "labels of another kind"],
  [choice({ solution: "<answer>B. blue</answer>" }), "a letter and a text that differ"],
  [choice({ solution: "<answer>B</answer> or so <answer>C.</answer>" }), "two answers"],
  [choice({ options: ["A. red", "A. green"], solution: "<answer>green</answer>" }), "doubled letters"],
  [open("essay", "a cat"), "a type that is none"],
  [choice(), "nothing wrong"],
])("%j is left as it is: %s", (fields) => {
  expect(fix(fields)).toEqual({ changes: {}, codes: [] });
});

test("sound records stay the same objects", () => {
  for (const fields of soundRecords(100, 5)) expect(fixRecord(read(fields), checks, read).record.fields).toBe(fields);
});
