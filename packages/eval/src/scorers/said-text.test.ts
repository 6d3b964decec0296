import { describe, expect, test } from "vitest";
import { answerText, saidText } from "./said-text.ts";

describe("what is said outside the thinking", () => {
  test.each([
    ["C", "C"],
    ["<think>A or B?</think>C", "C"],
    ["A or B</think>C", "C"], // the prompt had opened it
    ["<think>outer <think>inner</think> rest</think>C", "C"],
    ["<think>x</think>C<think>or A?</think>", "C"],
    ["<think>cut off; perhaps C", ""],
    ["C <thinking>or A", "C "],
    ["◁think▷A◁/think▷C", "C"],
    ["[THINK]A[/THINK]C", "C"],
    ["<|begin_of_thought|>A<|end_of_thought|>C", "C"],
    ["<THINK>A</THINK>C", "C"],
  ])("%j", (output, said) => expect(saidText(output)).toBe(said));
});

describe("the answer is the last closed block, else what is said", () => {
  test.each([
    ["<think>A?</think>\n<answer>\nC. a kettle\n</answer>\nThat is all.", "C. a kettle"],
    ["<answer>D</answer> wait, <answer>C</answer>", "C"],
    ["<think><answer>A</answer></think><answer>C</answer>", "C"],
    ["<think>perhaps <answer>C</answer>", ""],
    ["<ANSWER>C</ANSWER>", "C"],
    ["<think>x</think> C", "C"],
    ["<answer>C", "<answer>C"],
    ["<answer><answer>C</answer></answer>", "C"],
  ])("%j", (output, answer) => expect(answerText(output)).toBe(answer));
});

test("a text of nothing but tags takes time in proportion to its length", () => {
  for (const tag of ["<think>", "</think>", "<think></think>"]) expect(saidText(tag.repeat(100_000))).toBe("");
  expect(answerText("<answer>".repeat(100_000))).toHaveLength(800_000);
});
