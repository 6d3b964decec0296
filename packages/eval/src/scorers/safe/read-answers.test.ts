import { describe, expect, test } from "vitest";
import { goldenItems } from "../../../test/recorded-scores.ts";
import type { BenchmarkItem } from "../../item.ts";
import { readExistence } from "./read-existence.ts";
import { readList } from "./read-list.ts";
import { readNumber } from "./read-number.ts";
import { readSafe } from "./read-safe.ts";
import { readYesNo } from "./read-yes-no.ts";

describe("the number that an answer states", () => {
  test.each<[string, number]>([
    ["3", 3],
    ["3.0", 3],
    ["3 chairs", 3],
    ["3chairs", 3],
    ["Three chairs.", 3],
    ["There are three chairs in this room.", 3],
    ["about 2.3 m", 2.3],
    ["~3", 3],
    ["1,250.00", 1250],
    ["twenty-one", 21],
    ["three hundred and twenty-one", 321],
    ["３", 3],
    ["٣", 3],
    ["-17", -17],
    ["3 (three)", 3],
    ["$3$", 3],
    ["The answer is 2.5.", 2.5],
    ["I count 4, then 5. The answer is 3 chairs.", 3],
    ["The value is about 42.", 42],
    ["x = 42", 42],
  ])("%j", (answer, number) => expect(readNumber(answer.replace(/^\$|\$$/g, ""))?.value.number).toBe(number));

  test.each(
    "|none|3-4|3–4|3 to 4|2 or 3|between 2 and 4|1/2|2½|two and a half|3 hundred|2 million|12,50|0x3|inf|nan|3\n4|Room 12 has 3|4.2 × 10^1|one apple, room 3".split(
      "|",
    ),
  )("none in %j", (answer) => expect(readNumber(answer)).toBeUndefined());
});

test.each<[string, number[] | undefined]>([
  ["[2, 3]", [2, 3]],
  ["2, 3", [2, 3]],
  ["(2, 3)", [2, 3]],
  ["2 and 3", [2, 3]],
  ["The answer is [2.0, 3.0].", [2, 3]],
  ["The answer is 2, 3.", [2, 3]],
  ["2", undefined],
  ["[2, three]", undefined],
  ["[1, 2] or [2, 3]", undefined],
])("the list in %j", (answer, list) => expect(readList(answer)?.value).toEqual(list));

describe("yes and no", () => {
  test.each([
    [
      "yes",
      'Yes|YES.|yes, there is a kettle|The answer is yes|Answer: Yes|"yes"|Yeah|true|Nobody is there, so yes|Yes, there is no doubt',
    ],
    ["no", "No|no.|No, there isn't|No, it is not|Nope|false|The answer is no"],
    [
      undefined,
      "|Yes and no|No, yes|Yes, no|yesterday|know|notebook|Not sure|No answer|No idea|Y|1|It is there. No doubt.|Maybe",
    ],
  ])("%s", (value, answers) => {
    for (const answer of answers.split("|")) expect(readYesNo(answer)?.value, answer).toBe(value);
  });

  test("a sentence says whether what is asked for is there", () => {
    const asked = "Is there a kettle in the image?";
    const said = (answer: string) => readExistence(answer, asked)?.value;
    for (const answer of ["There is a kettle in the image.", "I can see a kettle", "There is one."])
      expect(said(answer)).toBe("yes");
    for (const answer of ["there is no kettle", "There isn't a kettle", "I do not see a kettle"])
      expect(said(answer)).toBe("no");
    for (const answer of ["There is a dog.", "There are 3 chairs", "There might be a kettle", "It is a kettle"])
      expect(said(answer), answer).toBeUndefined();
    expect(readExistence("There is a kettle", "Is the kettle full?")).toBeUndefined();
  });

  test("a letter counts in an answer tag, where the options are shown with letters", () => {
    const [item] = goldenItems("pope").values();
    expect(readSafe(item!, "<answer>A</answer>")).toEqual({ score: 1, extracted: "yes", rule: "answer tag, letter" });
    expect(readSafe(item!, "A")).toEqual({ score: 0, extracted: null, status: "unparsed" });
  });
});

describe("by type of answer", () => {
  const [base] = goldenItems("mathvista").values();
  const item = (shape: Partial<BenchmarkItem>): BenchmarkItem => ({ ...base!, options: [], ...shape });
  const scoreOf = (shape: Partial<BenchmarkItem>, output: string) => readSafe(item(shape), output).score;

  test("integers equal, floats to their precision, a percentage as itself or its hundredth", () => {
    const integer = { answerType: "integer", gold: "3" } as const;
    for (const output of ["3", "3.0", "3 cm", "three"]) expect(scoreOf(integer, output), output).toBe(1);
    for (const output of ["3.4", "30", "3 or 4", ""]) expect(scoreOf(integer, output), output).toBe(0);
    const float = { answerType: "float", gold: "0.50", precision: 2 } as const;
    for (const output of ["0.5", "0.504", "50%", "50 percent"]) expect(scoreOf(float, output), output).toBe(1);
    for (const output of ["0.51", "50", "5"]) expect(scoreOf(float, output), output).toBe(0);
    expect(scoreOf({ answerType: "integer", gold: "42" }, "42%")).toBe(1);
  });

  test("a caption's label may be a number, which 2.5 is not; a percentage is no count", () => {
    const caption = goldenItems("tempcompass").get("caption_matching/kt00/action/1")!;
    expect(readSafe(caption, "2) the kettle is emptying")).toMatchObject({ score: 1, extracted: "B" });
    expect(readSafe(caption, "2.5 meters")).toMatchObject({ score: 0, status: "unparsed" });
    expect(readSafe(item({ benchmark: "vsi-bench", answerType: "number", gold: "3" }), "300%").status).toBe("unparsed");
  });

  test("lists in order", () => {
    expect(scoreOf({ answerType: "list", gold: "[2, 3]" }, "2 and 3")).toBe(1);
    expect(scoreOf({ answerType: "list", gold: "[2, 3]" }, "[3, 2]")).toBe(0);
  });

  test("open texts equal, else a judge's of MMVU and wrong of VideoMMMU", () => {
    const text = { answerType: "text", gold: "Bernoulli's principle", benchmark: "mmvu" } as const;
    for (const output of [
      "bernoulli’s principle.",
      "The answer is Bernoulli's principle",
      "The final answer is: Answer: Bernoulli's principle",
      "The Bernoulli's principle",
    ]) {
      expect(scoreOf(text, output), output).toBe(1);
    }
    expect(readSafe(item(text), "It flows faster.")).toMatchObject({ score: 0, status: "unjudged" });
    expect(readSafe(item(text), "")).toMatchObject({ score: 0, status: "unparsed" });
    expect(readSafe(item({ ...text, benchmark: "video-mmmu" }), "principle")).toMatchObject({
      score: 0,
      extracted: "principle",
      rule: "whole output, text",
    });
    const number = { answerType: "text", gold: "12.5", benchmark: "video-mmmu" } as const;
    expect(scoreOf(number, "The value is 12.50 m.")).toBe(1);
    expect(readSafe(item(number), "much")).toMatchObject({ score: 0, status: "unparsed" });
  });

  test("captions are a judge's", () => {
    const caption = { answerType: "caption", gold: "C. a green kettle" } as const;
    expect(readSafe(item(caption), "C. a green kettle")).toMatchObject({ score: 0, status: "unjudged" });
  });
});
