import { describe, expect, test } from "vitest";
import { readChoice } from "./read-choice.ts";
import { saidAnswer } from "./said-answer.ts";

const options = ["a red kettle", "a blue kettle", "a green kettle", "a yellow kettle"];
const letterOf = (output: string): string | undefined => readChoice(saidAnswer(output)?.text ?? "", options)?.value;

describe("forms of C", () => {
  test.each([
    ...'C|C.|C)|(C)|[C]|{C}|C:|C!|**C**|__C__|`C`|"C"|“C”|c|(c)|Ｃ|（Ｃ）|C。|- C|\\boxed{C}|$\\boxed{\\text{C}}$|C</s>'.split(
      "|",
    ),
    ..."Option C|option c|Answer: C|ANSWER: C|The answer is C|The answer is (C).|Final Answer: **C**|I choose C".split(
      "|",
    ),
    ..."C. a green kettle|C a green kettle|(C)a green kettle|C (a green kettle)|**C**: a green kettle".split("|"),
    ..."The answer is C. a green kettle|The answer is C. The Baby moved|The correct answer is (C) Dog".split("|"),
    ..."a green kettle|A GREEN KETTLE.|green kettle|It is a green kettle.|The answer is a green kettle".split("|"),
    ..."C, not A|The answer is C, not A.|Option A is incorrect, so the answer must be C.|Eliminating A, B and D leaves C.".split(
      "|",
    ),
    ..."After watching, the answer is C|Based on the video, C|Hence C|So C|C is correct; A is not.|I would go with C".split(
      "|",
    ),
    ..."答案是C|选C|정답은 C입니다.|答えはCです|La respuesta es C|Ответ: C".split("|"),
    '{"answer": "C"}',
    '```json\n{"answer": "C", "reason": "A is wrong"}\n```',
    "C\n\nThe kettle is on the stove.",
    "A. red: no\nB. blue: no\nC. green: yes\nTherefore, the final answer is: C",
    "<think>A or B?</think>\n<answer>C. a green kettle</answer>",
    "<think>A</think> C <think>or D?</think>",
    "<answer>C",
  ])("%j", (output) => expect(letterOf(output)).toBe("C"));
});

describe("no option, or several", () => {
  test.each([
    ..."|.|?|B or C|C or B|A, C|C, A|A/B/C/D|ABCD|A B C D|(A) (C)|both A and C|Either B or C|C. A|C\nA".split("|"),
    ..."All of the above|a red kettle or a green kettle|The answer is B or C|The answer is A. No, the answer is C.".split(
      "|",
    ),
    ..."C is wrong|The answer is not C|E|Z|Don't know|D'accord|Because|DVD|CT scan|A kettle, not a pan|green".split(
      "|",
    ),
    ..."A person is in the room.|Vitamin C is good|I cannot tell|C. a red kettle|A. a green kettle".split("|"),
    '["A", "C"]',
    "<answer>A</answer><answer>C</answer>",
    "<think>perhaps <answer>C</answer>",
    "<think>it is C",
    "Final Answer: C</think>",
    "A. red\nB. blue\nC. green\nD. yellow",
  ])("%j", (output) => expect(letterOf(output)).toBeUndefined());
});

test("an option's own text comes before a letter that it looks like", () => {
  expect(readChoice("(b)", ["(b)", "(a)"])).toEqual({ value: "A", rule: "option text" });
  expect(readChoice("B", ["(b)", "(a)"])).toEqual({ value: "B", rule: "letter" });
  expect(readChoice("3", ["2", "3", "4"])).toEqual({ value: "B", rule: "option text" });
});

test("options of the same text are none", () => expect(readChoice("left", ["left", "right", "left"])).toBeUndefined());
