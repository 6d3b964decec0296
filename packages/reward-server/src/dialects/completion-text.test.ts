import { describe, expect, test, vi } from "vitest";
import { completionOf, withoutEndTokens } from "./completion-text.ts";

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
  ])("%j after %j is %j: %s", (query, given, completion, _why) => {
    expect(completionOf(query, given)).toBe(completion);
  });

  test("does not guess", () => {
    expect(completionOf("something else", prompt)).toBeUndefined();
    expect(completionOf(`${expanded}yes`, "another prompt")).toBeUndefined();
  });
});
