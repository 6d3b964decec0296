import { randomStream } from "@videor1/random";
import type { Rules } from "@videor1/rewards";
import { describe, expect, test } from "vitest";
import { choice, type Fields, findingsOf, open, read, soundRecords } from "../../test/made-records.ts";
import { checks } from "./checks.ts";
import { fixRecord } from "./fix-record.ts";

/** A record that has the fault, and its nearest neighbour that has not. */
interface Row {
  faulty: Fields;
  sound: Fields;
  rules?: Rules;
}

const lists = { path: undefined, data_type: undefined, videos: ["a.mp4"] };

const rows: Readonly<Record<string, readonly Row[]>> = {
  RECORD_INVALID: [
    { faulty: choice({ problem_id: 1.5 }), sound: choice({ problem_id: "1.5" }) },
    { faulty: choice({ options: [] }), sound: choice() },
    { faulty: choice({ path: undefined }), sound: choice(lists) },
  ],
  TYPE_SPELLING: [
    { faulty: open("free form", "a cat sits"), sound: open("free-form", "a cat sits") },
    { faulty: choice({ problem_type: "multiple_choice" }), sound: choice() },
    { faulty: choice({ problem_type: "mcq" }), sound: choice() },
  ],
  TYPE_UNKNOWN: [{ faulty: open("essay", "a cat sits"), sound: open("free form", "a cat sits") }],
  OPTIONS_NULL: [{ faulty: open("numerical", "3", { options: null }), sound: open("numerical", "3", { options: [] }) }],
  TEXT_SPACE: [
    { faulty: choice({ problem: "Which one? " }), sound: choice({ problem: "Which one?" }) },
    { faulty: choice({ options: ["A. red", "B. green\n"] }), sound: choice({ options: ["A. red", "B. green"] }) },
    { faulty: choice({ solution: "<answer>\ufeffB</answer>" }), sound: choice({ solution: "<answer> B </answer>" }) },
    { faulty: choice({ problem: "Which\u200b one?" }), sound: choice({ problem: "Which\u00a0one?" }) },
  ],
  TEXT_CONTROL: [
    { faulty: choice({ problem: "Is \frac{1}{2} more?" }), sound: choice({ problem: "Is \\frac{1}{2} more?" }) },
    { faulty: choice({ problem: "2\times 3?" }), sound: choice({ problem: "2\tis 3?" }) },
    { faulty: choice({ options: ["A. caf\ufffd", "B. tea"] }), sound: choice({ options: ["A. café", "B. tea"] }) },
  ],
  TEXT_SPECIAL_TOKEN: [
    { faulty: choice({ problem: "What<|im_end|>?" }), sound: choice({ problem: "What <|im_ends|>?" }) },
    { faulty: open("OCR", "<|video_pad|>"), sound: open("OCR", "| video_pad |") },
  ],
  TEXT_MEDIA_TAG: [
    { faulty: choice({ problem: "<video>\nWhich?" }), sound: choice({ problem: "<video>\nWhich?", ...lists }) },
    { faulty: choice({ problem: "In <image>, which?" }), sound: choice({ problem: "In <img>, which?" }) },
  ],
  TEXT_ANSWER_TAG: [
    { faulty: choice({ problem: "Which? <think>" }), sound: choice({ problem: "Which? think" }) },
    { faulty: choice({ options: ["A. <answer>", "B. b"] }), sound: choice({ options: ["A. answer", "B. b"] }) },
  ],
  TEXT_LONG: [
    { faulty: choice({ problem: "a".repeat(7983) }), sound: choice({ problem: "a".repeat(7979) }) },
    { faulty: open("OCR", "a".repeat(8001)), sound: open("OCR", "a".repeat(8000)) },
  ],
  QUESTION_EMPTY: [{ faulty: choice({ problem: "?" }), sound: choice({ problem: "何？" }) }],
  GOLD_UNTAGGED: [{ faulty: choice({ solution: "B" }), sound: choice({ solution: "so <answer>B</answer>" }) }],
  GOLD_SILENT: [
    { faulty: open("OCR", " "), sound: open("OCR", ".") },
    { faulty: choice({ solution: "" }), sound: choice() },
  ],
  OPTION_LETTER_MISSING: [
    { faulty: choice({ options: ["red", "green", "blue"] }), sound: choice() },
    { faulty: choice({ options: ["A. red", "green"] }), sound: choice({ options: ["A. red", "B) green"] }) },
  ],
  OPTION_LETTER_DOUBLED: [
    {
      faulty: choice({ options: ["A. red", "B. green", "B. blue"] }),
      sound: choice({ options: ["A. red", "B. green"] }),
    },
  ],
  OPTION_LETTER_ORDER: [
    { faulty: choice({ options: ["B. red", "A. green"] }), sound: choice({ options: ["A. red", "B. green"] }) },
    { faulty: choice({ options: ["A. red", "B. green", "D. blue"] }), sound: choice() },
  ],
  OPTION_EMPTY: [{ faulty: choice({ options: ["A. red", "B."] }), sound: choice({ options: ["A.", "B."] }) }],
  OPTION_ALIKE: [
    {
      faulty: choice({ options: ["A. the  same", "B. green", "C. The same"] }),
      sound: choice({ options: ["A. AA", "B. Aa", "C. aa"] }),
    },
    {
      faulty: choice({ options: ["A. red", "B. green", "C. Red."] }),
      sound: choice({ options: ["A. red", "B. green", "C. -red"] }),
    },
    { faulty: choice({ options: ["A. -5", "B. 5", "C. 5"] }), sound: choice({ options: ["A. -5", "B. 5", "C. 5.5"] }) },
  ],
  OPTION_PREFIX: [
    { faulty: choice({ options: ["A. red", "B. red car"] }), sound: choice({ options: ["A. red", "B. redder"] }) },
  ],
  OPTION_SINGLE: [
    {
      faulty: choice({ options: ["A. red"], solution: "<answer>A</answer>" }),
      sound: choice({ options: ["A. red", "B. b"] }),
    },
  ],
  OPTIONS_IN_QUESTION: [
    {
      faulty: choice({ problem: "Which?\nA. red\nB. green\nC. blue" }),
      sound: choice({ problem: "Which?\nA. red\nB. green or not" }),
    },
  ],
  GOLD_FORM: [
    { faulty: choice({ solution: "<answer>B.</answer>" }), sound: choice() },
    { faulty: choice({ solution: "<answer>(b)</answer>" }), sound: choice() },
    { faulty: choice({ solution: "<answer>B. green</answer>" }), sound: choice() },
    { faulty: choice({ solution: "<answer>Green</answer>" }), sound: choice({ solution: "<answer>B. blue</answer>" }) },
  ],
  GOLD_NO_OPTION: [
    { faulty: choice({ solution: "<answer>D</answer>" }), sound: choice({ solution: "<answer>C</answer>" }) },
    {
      faulty: choice({ solution: "<answer>B. blue</answer>" }),
      sound: choice({ solution: "<answer>B. green</answer>" }),
    },
  ],
  GOLD_DECIMAL_COMMA: [{ faulty: open("numerical", "1,5"), sound: open("numerical", "1,500") }],
  GOLD_UNIT: [
    { faulty: open("numerical", "5 cm"), sound: open("numerical", "5") },
    { faulty: open("regression", "20%"), sound: open("regression", "20") },
    { faulty: open("numerical", "$3.50"), sound: open("numerical", "3.50") },
  ],
  GOLD_NOT_NUMBER: [{ faulty: open("numerical", "three"), sound: open("OCR", "three") }],
  GOLD_UNREACHABLE: [
    {
      faulty: open("numerical", "3", { solution: "<answer>3</answer> or <answer>4</answer>" }),
      sound: open("numerical", "3"),
    },
    { faulty: open("free-form", "猫"), sound: open("free-form", "猫 cat sits") },
    { faulty: open("free-form", "?!"), sound: open("free-form", "猫"), rules: "safe" },
  ],
  GOLD_BELOW_ONE: [{ faulty: open("free-form", "cat"), sound: open("free-form", "a cat") }],
  GOLD_GROUPED: [
    { faulty: open("numerical", "1,000"), sound: open("numerical", "1000") },
    { faulty: open("regression", "12,345.6"), sound: open("OCR", "12,345.6") },
  ],
  GOLD_DECIMAL_MARK: [
    { faulty: open("numerical", "3.0"), sound: open("numerical", "3.5") },
    { faulty: open("numerical", "1.000"), sound: open("regression", "1.000") },
  ],
  GOLD_ROUNDED: [{ faulty: open("numerical", "0.004"), sound: open("numerical", "0.006") }],
  ANSWER_IN_QUESTION: [
    {
      faulty: choice({ problem: "The correct answer is B. Why?" }),
      sound: choice({ problem: "The answer is C. Why?" }),
    },
    {
      faulty: open("OCR", "no entry here", { problem: "The sign says no entry here, or what?" }),
      sound: open("OCR", "no entry", { problem: "The sign says no entry here, or what?" }),
    },
    {
      faulty: choice({ problem: "Why the very green door?", options: ["A. the red door", "B. the very green door"] }),
      sound: choice({
        problem: "The red old door or the very green door?",
        options: ["A. the red old door", "B. the very green door"],
      }),
    },
  ],
};

const ofRecords = checks.filter(
  ({ code }) =>
    !/^(ID|QUESTION|GOLD|MEDIA|ANSWER)_(DOUBLED|CONTRADICTS|REPEATED|CONSTANT|LONGEST|BLIND)$|^LEAK_|^MEDIA_/.test(
      code,
    ),
);

test("every check of single records has rows", () => {
  expect(Object.keys(rows).sort()).toEqual(ofRecords.map(({ code }) => code).sort());
});

describe.each(Object.entries(rows))("%s", (code, cases) => {
  const check = checks.filter((one) => one.code === code);
  test.each(cases)("row %#", ({ faulty, sound, rules = "video-r1" }) => {
    expect(findingsOf([faulty], { checks: check, rules }).map(({ count }) => count)).toEqual([1]);
    expect(findingsOf([sound], { checks: check, rules })).toEqual([]);
  });
});

test.each([1, 2, 3])("sound records have no finding, seed %i", (seed) => {
  expect(findingsOf(soundRecords(400, seed))).toEqual([]);
});

test("every fault is counted once under its code, and the first records are listed in order", () => {
  const faulty = [choice({ problem_id: 7, solution: "B" }), choice({ problem_id: 8, path: "b.mp4", solution: "C" })];
  const findings = findingsOf([
    ...faulty,
    ...soundRecords(3, 0).map((fields) => ({ ...fields, data_source: "other" })),
  ]);
  expect(findings.map(({ code, count }) => [code, count])).toEqual([["GOLD_UNTAGGED", 2]]);
  expect(findings[0]!.records).toEqual([
    { id: 7, place: { file: "made.json", index: 0 }, note: '"B"' },
    { id: 8, place: { file: "made.json", index: 1 }, note: '"C"' },
  ]);
});

test("faults that are put into sound records are found, as many as there are", () => {
  const rng = randomStream(7, "faults");
  const faults: Readonly<Record<string, (fields: Fields) => Fields | undefined>> = {
    TYPE_SPELLING: (fields) => ({
      ...fields,
      problem_type: String(fields.problem_type).toUpperCase().replace("OCR", "ocr"),
    }),
    TEXT_SPACE: (fields) => ({ ...fields, problem: `${fields.problem} ` }),
    TEXT_SPECIAL_TOKEN: (fields) => ({ ...fields, problem: `<|im_start|>${fields.problem}` }),
    GOLD_UNTAGGED: (fields) => ({ ...fields, solution: String(fields.solution).replaceAll(/<.?answer>/g, "") }),
    OPTIONS_NULL: (fields) => (fields.problem_type === "multiple choice" ? undefined : { ...fields, options: null }),
  };
  const codes = Object.keys(faults);
  const expected = new Map<string, number>();
  const records = soundRecords(600, 7).map((fields) => {
    const code = rng.choice(codes);
    const faulty = rng.next() < 0.3 ? faults[code]!(fields) : undefined;
    if (faulty) expected.set(code, (expected.get(code) ?? 0) + 1);
    return faulty ?? fields;
  });
  const found = new Map(findingsOf(records).map(({ code, count, records }) => [code, [count, records.length]]));
  expect(found).toEqual(new Map(codes.map((code) => [code, [expected.get(code), expected.get(code)]])));
});

test("no record makes a check throw", () => {
  const rng = randomStream(8, "odd records");
  const odd = [
    undefined,
    null,
    0,
    -1.5,
    "",
    " ",
    "A",
    "<answer></answer>",
    [],
    ["A. a", 3, null],
    {},
    [[]],
    true,
    "\ud800",
    "1,5",
  ];
  const names = Object.keys(choice());
  const records = Array.from({ length: 1000 }, () => {
    const fields: Record<string, unknown> = { ...rng.choice([choice(), open("numerical", "3"), open("OCR", "a b")]) };
    for (let changes = rng.int(4); changes >= 0; changes--) fields[rng.choice(names)] = rng.choice(odd);
    return rng.int(50) === 0 ? rng.choice(odd) : fields;
  });
  const findings = findingsOf(records);
  for (const { count } of findings) expect(count).toBeLessThanOrEqual(records.length);
  for (const fields of records) fixRecord(read(fields), checks, (changed) => read(changed));
});
