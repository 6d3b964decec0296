import { describe, expect, test, vi } from "vitest";
import { completionOf, openedTags, withoutEndTokens } from "./completion-text.ts";

test.each([
  ["<answer>B</answer><|im_end|>", "<answer>B</answer>"],
  ["<answer>B</answer><|im_end|>\n", "<answer>B</answer>"],
  ["<answer>B</answer><|im_end|>\n<|endoftext|><|endoftext|>", "<answer>B</answer>"],
  ["<answer>B</answer>\n<|im_end|>", "<answer>B</answer>\n"],
  ["<answer>B</answer>\n", "<answer>B</answer>\n"],
  ["<answer>B</answer></s>", "<answer>B</answer>"],
  ["a <|im_end|> b", "a <|im_end|> b"],
  ["<|im_end|>", ""],
  ["", ""],
])("%j ends at %j", (text, completion) => {
  expect(withoutEndTokens(text)).toBe(completion);
});

test("sixteen times as many end tokens take sixteen times as many looks at the end", () => {
  const endsWith = vi.spyOn(String.prototype, "endsWith");
  const looks = (tokens: number): number => {
    endsWith.mockClear();
    withoutEndTokens("<pad>".repeat(tokens));
    return endsWith.mock.calls.length;
  };
  const [few, many] = [looks(500), looks(8000)];
  endsWith.mockRestore();
  expect(few).toBeGreaterThanOrEqual(500);
  expect(many).toBeLessThanOrEqual(16 * few);
});

test.each([
  ["<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n<think>\n", "<think>\n"],
  ["<|im_start|>assistant\n<think>\n\n</think>\n\n", "<think>\n\n</think>\n\n"],
  ["<|im_start|>assistant\nLet me solve this.\n<think>", "<think>"],
  ["<|im_start|>assistant\n<think>t</think><answer>", "<think>t</think><answer>"],
  ["<|im_start|>system\nUse <think> and <answer>.<|im_end|>\n<|im_start|>assistant\n", ""],
  ["<|im_start|>assistant\nhi<|im_end|>\n<|im_start|>user\nThink in <think>", ""],
  ["<|im_start|>assistant\n<think>hi</think><|im_end|>\n<|im_start|>user\n?", ""],
  ["<｜User｜>q<｜Assistant｜><think>\n", "<think>\n"],
  ["A conversation. User: q\nAssistant: <think>", "<think>"],
  ["Use <think> tags.", ""],
  ["", ""],
])("the prompt %j opens %j", (prompt, tags) => {
  expect(openedTags(prompt)).toBe(tags);
});

describe("completionOf", () => {
  const prompt = "<|im_start|>user\n<|image_pad|>?<|im_end|>\n<|im_start|>assistant\n";
  const expanded = prompt.replace("<|image_pad|>", "<|image_pad|>".repeat(50));

  test.each([
    [`${prompt}yes<|im_end|>`, prompt, "yes", "the prompt is a prefix"],
    [`${expanded}yes<|im_end|>`, prompt, "yes", "image tokens were expanded"],
    [
      `${expanded}no<|im_end|>\n<|im_start|>assistant\nyes`,
      prompt,
      "no<|im_end|>\n<|im_start|>assistant\nyes",
      "a turn that the model opens itself hides nothing",
    ],
    [`${prompt}a<|im_end|>\n${expanded}b`, `${prompt}a<|im_end|>\n${prompt}`, "b", "a conversation of two turns"],
    ["yes", "", "yes", "no prompt"],
    [`${expanded}<think>\nyes`, `${prompt}<think>\n`, "yes", "the prompt opens the thinking"],
    ["<｜User｜>q q<｜Assistant｜><think>\nyes", "<｜User｜>q<｜Assistant｜><think>\n", "yes", "DeepSeek's turns"],
  ])("%j after %j is %j: %s", (query, given, completion, _why) => {
    expect(completionOf(query, given)).toBe(completion);
  });

  test("does not guess", () => {
    expect(completionOf("something else", prompt)).toBeUndefined();
    expect(completionOf(`${expanded}yes`, "another prompt")).toBeUndefined();
  });
});
