import { expect, test } from "vitest";
import { accuracyReward, type ProblemType } from "./accuracy.ts";
import { solutionFault } from "./solution-fault.ts";

const colours = ["A. red", "B. blue", "C. green", "D. black"];

test.each<[ProblemType, solution: string, options: string[], fault: string | undefined]>([
  ["multiple choice", "<answer>B</answer>", colours, undefined],
  ["multiple choice", "<answer> B\n</answer>", colours, undefined],
  ["multiple choice", "<answer>B</answer>", ["red", "blue"], undefined],
  ["multiple choice", "<answer>Yes</answer>", ["Yes", "No"], undefined],
  ["multiple choice", "<answer>B</answer>", ["(A) 1", "(B) 2"], undefined],
  ["multiple choice", "<answer>B</answer>", ["A", "B"], undefined],
  ["multiple choice", "<answer></answer>", colours, "no answer"],
  ["multiple choice", "<answer> \n</answer>", colours, "no answer"],
  ["multiple choice", "<think><answer>B</answer></think>", colours, "no answer"],
  ["multiple choice", "</answer><answer>", colours, "no answer"],
  ["multiple choice", "<answer>A</answer><answer>B</answer>", colours, "no answer"],
  ["multiple choice", "<answer></answer><answer>B</answer>", colours, "several answers"],
  ["multiple choice", "<answer>E</answer>", colours, "one of A, B, C, D"],
  ["multiple choice", "<answer>blue</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>B. blue</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>b</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>B.</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>A, B</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>\\boxed{B}</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>C</answer>", ["A. red", "B. blue", "C. blue"], "the same text"],
  ["multiple choice", "<answer>A</answer>", ["A. red", "B. blue", "C. blue"], undefined],
  ["multiple choice", "B", colours, "has no <answer>"],
  ["numerical", "3", [], "has no <answer>"],
  ["multiple choice", "<answer>B", colours, "no answer"],
  ["multiple choice", "B</answer>", colours, "has no <answer>"],
  ["multiple choice", "<ANSWER>B</ANSWER>", colours, "has no <answer>"],
  ["multiple choice", "<answer>B</answer><answer>B</answer>", colours, undefined],
  ["multiple choice", "<answer><answer>B</answer></answer>", colours, "several answers"],
  ["multiple choice", "<think>B</think><answer>B</answer>", colours, undefined],
  ["multiple choice", "<answer>B</answer><|im_end|>", colours, undefined],
  ["multiple choice", "<tool_call><answer>B</answer></tool_call>", colours, "no answer"],
  ["multiple choice", "<answer>В</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>Ｂ</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>B\u200b</answer>", colours, "none of the options"],
  ["multiple choice", "<answer>b</answer>", ["a. red", "b. blue"], undefined],
  ["multiple choice", "<answer>2</answer>", ["1) red", "2) blue"], undefined],
  ["multiple choice", "<answer>2</answer>", ["1", "2"], undefined],
  ["multiple choice", "<answer>3</answer>", ["1", "2"], "none of the options"],
  ["OCR", "<answer>\u0000</answer>", [], "no answer"],
  ["OCR", "<answer>\u3164</answer>", [], "no answer"],
  ["OCR", "<answer>?</answer>", [], undefined],
  ["free-form", "<answer>…</answer>", [], "no word"],
  ["free-form", "<answer>I</answer>", [], undefined],
  ["numerical", "<answer>½</answer>", [], "not a number"],
  ["numerical", "<answer>$5</answer>", [], "not a number"],
  ["numerical", "<answer>1e-400</answer>", [], "not a number"],
  ["numerical", "<answer>0x10</answer>", [], "not a number"],
  ["regression", "<answer>0</answer>", [], undefined],
  ["numerical", "<answer>1,000.5</answer>", [], undefined],
  ["numerical", "<answer>-3</answer>", [], undefined],
  ["numerical", "<answer>nan</answer>", [], "not a number"],
  ["numerical", "<answer>five</answer>", [], "not a number"],
  ["numerical", "<answer>50%</answer>", [], "not a number"],
  ["numerical", "<answer>3 m</answer>", [], "not a number"],
  ["numerical", "<answer>−5</answer>", [], "not a number"],
  ["numerical", "<answer>1’000</answer>", [], "not a number"],
  ["numerical", "<answer>٥٫٥</answer>", [], "not a number"],
  ["numerical", "<answer>10:30</answer>", [], "not a number"],
  ["numerical", "<answer>2024-05-01</answer>", [], "not a number"],
  ["numerical", "<answer>1/2</answer>", [], "not a number"],
  ["numerical", "<answer>true</answer>", [], "not a number"],
  ["numerical", "<answer>1e999</answer>", [], "not a number"],
  ["numerical", "<answer>٥</answer>", [], undefined],
  ["multiple choice", "<answer>\u200b</answer>", [], "no answer"],
  ["OCR", "<answer>\ufeff\u200f</answer>", [], "no answer"],
  ["regression", "<answer>inf</answer>", [], "not a number"],
  ["regression", "<answer>1,5</answer>", [], "not a number"],
  ["OCR", "<answer>你好</answer>", [], undefined],
  ["OCR", "<answer> </answer>", [], "no answer"],
  ["free-form", "<answer>a dog</answer>", [], undefined],
  ["free-form", "<answer>你好</answer>", [], "no word"],
])("%s %j of %j: %s", (type, solution, options, fault) => {
  const found = solutionFault(solution, type, options);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});

test.each([
  ["你好", undefined],
  ["собака", undefined],
  ["٣", undefined],
  ["a dog", undefined],
  ["…", "no word"],
])("free-form %j under the safe rules: %s", (gold, fault) => {
  const solution = `<answer>${gold}</answer>`;
  const found = solutionFault(solution, "free-form", [], "safe");
  expect(accuracyReward(solution, solution, "free-form", { rules: "safe" }) > 0).toBe(found === undefined);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});
