import { describe, expect, test, vi } from "vitest";
import { completionOf, openedTags, withoutEndTokens } from "./completion-text.ts";

test.each([
  ["<answer>B</answer><|im_end|>", "<answer>B</answer>"],
  ["<answer>B</answer><|im_end|>\n", "<answer>B</answer>"],
  ["<answer>B</answer><|im_end|>\n<|endoftext|><|endoftext|>", "<answer>B</answer>"],
  ["<answer>B</answer>\n<|im_end|>", "<answer>B</answer>\n"],
  ["<answer>B</answer>\n", "<answer>B</answer>\n"],
  ["<answer>B</answer></s>", "<answer>B</answer>"],
  ["<answer>B</answer><｜end▁of▁sentence｜><｜▁pad▁｜>", "<answer>B</answer>"],
  ["<answer>B</answer><end_of_turn>\n<eos>", "<answer>B</answer>"],
  ["<answer>B</answer><|user|>", "<answer>B</answer>"],
  ["<answer>B</answer><|end|>", "<answer>B</answer>"],
  ["<answer>B</answer><|return|>", "<answer>B</answer>"],
  ["<answer>B</answer><|eot|>", "<answer>B</answer>"],
  ["<answer>B</answer><|eot_id|><|finetune_right_pad_id|>", "<answer>B</answer>"],
  ["<answer>B</answer><|END_OF_TURN_TOKEN|>", "<answer>B</answer>"],
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
  ["<start_of_turn>user\nq<end_of_turn>\n<start_of_turn>model\n<think>", "<think>"],
  ["[gMASK]<sop><|user|>\nq<|assistant|>\n<think>", "<think>"],
  ["<|user|>\nq<|end|>\n<|assistant|>\n<think>", "<think>"],
  ["<s>[INST]q[/INST]<think>", "<think>"],
  ["<|header_start|>user<|header_end|>\n\nq<|eot|><|header_start|>assistant<|header_end|>\n\n<think>", "<think>"],
  ["<|im_user|>user<|im_middle|>q<|im_end|><|im_assistant|>assistant<|im_middle|><think>", "<think>"],
  ["<|START_OF_TURN_TOKEN|><|USER_TOKEN|>q<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><think>", "<think>"],
  ["<|im_assistant|>assistant<|im_middle|>hi<|im_end|><|im_user|>user<|im_middle|><think>", ""],
  ["<|CHATBOT_TOKEN|>hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Think in <think>", ""],
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
