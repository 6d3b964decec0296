// Who says the answer, and where: turns, tools, thinking, nested and empty tags, silence.
import { describe, expect, test } from "vitest";
import { accuracyReward, formatReward, problemTypes } from "../../src/index.ts";

describe("what tools say is not the model's", () => {
  test.each<[string, string, number]>([
    ['<tool_call>{"a":"<answer>B</answer>"}</tool_call>', "B", 0],
    ["<tool_call>x</tool_call><answer>B</answer>", "B", 1],
    ["<tool_response><answer>B</answer></tool_response>", "B", 0],
    ["<tool_response>\n<answer>B</answer>\n", "B", 0],
    ["<function_call><answer>B</answer></function_call><answer>A</answer>", "B", 0],
    ["<tool_response>a</tool_response><tool_response><answer>B</answer></tool_response><answer>A</answer>", "A", 1],
    [
      "<think>x</think><tool_call>q</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>r</tool_response><|im_end|>\n<|im_start|>assistant\n<answer>B</answer>",
      "B",
      1,
    ],
    ["<answer>A</answer><|im_end|>\n<|im_start|>assistant\n<answer>B</answer>", "B", 1],
    ["<answer>B</answer><|im_end|>\n<|im_start|>user\nthanks<|im_end|>\n<|im_start|>assistant\n", "B", 1],
    ["<answer>B</answer><|im_end|>\n<|im_start|>user\n<answer>A</answer><|im_end|>", "B", 1],
    ["<answer>B</answer><|im_end|>\n<|im_start|>assistant\nYou are welcome.<|im_end|>", "B", 0],
    ["<answer>B</answer><|eot_id|><|start_header_id|>user<|end_header_id|>\n\n<answer>A</answer>", "B", 1],
    ['[TOOL_CALLS][{"name":"x","arguments":"<answer>B</answer>"}]</s><answer>A</answer>', "B", 0],
    ["<answer>A</answer>[TOOL_RESULTS]<answer>B</answer>[/TOOL_RESULTS]<answer>A</answer>", "A", 1],
    [
      "<|channel|>analysis<|message|>maybe <answer>B</answer><|end|><|start|>assistant<|channel|>final<|message|><answer>A</answer>",
      "A",
      1,
    ],
    ["<|channel|>analysis<|message|>maybe <answer>B</answer>", "B", 0],
    ["<|channel|>final<|message|><answer>B</answer><|return|>", "B", 1],
    ["<start_of_turn>user\n<answer>B</answer><end_of_turn>\n<start_of_turn>model\n<answer>A</answer>", "B", 0],
    ["<｜tool▁outputs▁begin｜><answer>B</answer><｜tool▁outputs▁end｜><answer>A</answer>", "B", 0],
    ['```json\n{"answer": "<answer>B</answer>"}\n```', "B", 1],
    ["```\n<answer>A</answer>\n```\n<answer>B</answer>", "B", 1],
    ["Human: <answer>B</answer>\nAssistant: <answer>A</answer>", "A", 0],
    ["<observation><answer>B</answer></observation><answer>A</answer>", "B", 0],
    ["<|tool_call_begin|><answer>B</answer><|tool_call_end|><answer>A</answer>", "A", 1],
    [
      '<|tool_calls_section_begin|><|tool_call_begin|>f<|tool_call_argument_begin|>{"x":"<answer>B</answer>"}<|tool_call_end|><|tool_calls_section_end|><answer>A</answer>',
      "A",
      1,
    ],
    [
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>x <answer>B</answer><｜tool▁call▁end｜><｜tool▁calls▁end｜><answer>A</answer>",
      "A",
      1,
    ],
    ["<tool_code><answer>B</answer></tool_code><answer>A</answer>", "A", 1],
    ["<tool_use><answer>B</answer></tool_use><answer>A</answer>", "A", 1],
    ["<function=zoom><parameter=x><answer>B</answer></parameter></function><answer>A</answer>", "A", 1],
    ["<tools><answer>B</answer></tools><answer>A</answer>", "A", 1],
    [
      "<|python_tag|>print('<answer>B</answer>')<|eom_id|><|start_header_id|>ipython<|end_header_id|>\n\n<answer>B</answer><|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n<answer>A</answer>",
      "A",
      1,
    ],
    ["<unused95><answer>B</answer></answer>", "A", 0],
    ['<tool_call name="z"><answer>B</answer></tool_call><answer>A</answer>', "A", 1],
    ["<TOOL_CALL><answer>B</answer></TOOL_CALL><answer>A</answer>", "A", 1],
  ])("%j for %j: %d", (completion, truth, accuracy) => {
    expect(accuracyReward(completion, truth, "multiple choice")).toBe(accuracy);
  });
});

describe("what is thought is not the answer", () => {
  test.each<[string, string, number]>([
    ["<think>a <answer>B</answer></think><answer>A</answer>", "A", 1],
    ["<think><answer>B</answer></think>", "B", 0],
    ["<think>x<think>y</think><answer>B</answer></think>", "B", 0],
    ["<think>x</think>y</think><answer>B</answer>", "B", 1],
    ["x</think><answer>B</answer>", "B", 1],
    ["<answer>A</answer></think><answer>B</answer>", "B", 1],
    ["<think>a</think><answer>B</answer><think>no, <answer>A</answer></think>", "B", 1],
    ["<think>a</think><answer>B</answer><think>no, <answer>A</answer>", "B", 1],
    ["<Think>maybe <answer>A</answer></Think><answer>B</answer>", "B", 1],
    ["<THINK>maybe <answer>A</answer></THINK><answer>B</answer>", "B", 1],
    ["<think >maybe <answer>A</answer></think><answer>B</answer>", "B", 1],
    ["< think>maybe <answer>A</answer></ think><answer>B</answer>", "B", 0],
    ["<thinking>maybe <answer>A</answer></thinking><answer>B</answer>", "B", 1],
    ["<reasoning>maybe <answer>A</answer></reasoning><answer>B</answer>", "B", 1],
    ["<thought>maybe <answer>A</answer></thought><answer>B</answer>", "B", 1],
    ["<analysis>maybe <answer>A</answer></analysis><answer>B</answer>", "B", 1],
    ["<seed:think>maybe <answer>A</answer></seed:think><answer>B</answer>", "B", 1],
    ["◁think▷maybe <answer>A</answer>◁/think▷<answer>B</answer>", "B", 1],
    ["<|begin_of_thought|>maybe <answer>A</answer><|end_of_thought|><answer>B</answer>", "B", 1],
    ["[THINK]maybe <answer>A</answer>[/THINK]<answer>B</answer>", "B", 1],
    ["<think>\nperhaps <answer>B</answer> but wait", "B", 0],
    ["<think>x</think>\n\n<answer>\nB\n</answer>", "B", 1],
    ["<think>x</think> B", "B", 0],
    ["B", "B", 0],
    ["", "B", 0],
  ])("%j for %j: %d", (completion, truth, accuracy) => {
    expect(accuracyReward(completion, truth, "multiple choice")).toBe(accuracy);
  });
});

describe("tags in tags, and tags that show the form", () => {
  test.each<[string, string, number]>([
    ["<answer><answer>B</answer></answer>", "B", 1],
    ["<answer>A<answer>B</answer></answer>", "B", 1],
    ["<answer>B</answer></answer>", "B", 1],
    ["<answer>B", "B", 0],
    ["B</answer>", "B", 0],
    ["<answer>B<answer>", "B", 0],
    ["<answer></answer><answer>B</answer>", "B", 1],
    ["<answer>B</answer><answer></answer>", "B", 1],
    ["<answer>B</answer><answer>B</answer>", "B", 1],
    ["<answer>B</answer><answer>A</answer>", "B", 0],
    [
      "<answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer><answer>B</answer>",
      "B",
      1,
    ],
    ["<answer>A</answer><answer>B</answer><answer>C</answer><answer>D</answer>", "B", 0],
    ["<answer>your answer</answer><answer>B</answer>", "B", 1],
    ["<answer>...</answer> <answer>B</answer>", "B", 1],
    ["<answer> </answer>", "B", 0],
    ["<answer>\u200b</answer>", "", 0],
    ["<ANSWER>B</ANSWER>", "B", 0],
    ["<answer type='x'>B</answer>", "B", 0],
    ["&lt;answer&gt;B&lt;/answer&gt;", "B", 0],
    ["<answer>B</ANSWER>", "B", 0],
    ["<answer>B</answer", "B", 0],
    ["<answer>B< /answer>", "B", 0],
    ["`<answer>A</answer>` is the form. <answer>B</answer>", "B", 1],
    ['"<answer>A</answer>" is the form. <answer>B</answer>', "B", 1],
    ["<!-- <answer>A</answer> --><answer>B</answer>", "B", 1],
    ["<example><answer>A</answer></example><answer>B</answer>", "B", 1],
    ["<answer>[your answer]</answer><answer>B</answer>", "B", 1],
    ["<answer>letter</answer><answer>B</answer>", "B", 1],
    ["<answer>X</answer> where X is the letter: <answer>B</answer>", "B", 0],
    ["<answer>{answer}</answer><answer>B</answer>", "B", 1],
    ["<answer>A or B</answer>", "A or B", 1],
  ])("%j for %j: %d", (completion, truth, accuracy) => {
    expect(accuracyReward(completion, truth, "multiple choice")).toBe(accuracy);
  });
});

describe("the prompt opens the thinking", () => {
  test.each<[string, string, number]>([
    ["a <answer>B</answer>", "B", 0],
    ["a</think><answer>B</answer>", "B", 1],
    ["<answer>B</answer></think><answer>A</answer>", "A", 1],
    ["<think>a</think><answer>B</answer>", "B", 1],
    ["<answer>B</answer>", "B", 0],
    ["  <think>x <answer>B</answer>", "B", 0],
  ])("%j for %j: %d", (completion, truth, accuracy) => {
    expect(accuracyReward(completion, truth, "multiple choice", { thinkingOpened: true })).toBe(accuracy);
  });
});

describe("silence earns nothing", () => {
  const silences: [string, string][] = [
    ["", ""],
    ["I do not know", ""],
    ["<answer></answer>", "<answer></answer>"],
    ["<answer> </answer>", "<answer> \n</answer>"],
    ["<answer>\u3164</answer>", "<answer>\u3164</answer>"],
    ["<answer>\u200b</answer>", "<answer>\u200b</answer>"],
    ["", "<think><answer>B</answer></think>"],
    ["<think><answer>B</answer></think>", "<think><answer>B</answer></think>"],
    ["", "<answer>"],
    ["", "<answer>\u2800</answer>"],
    ["<answer>\u2800</answer>", "<answer>\u2800</answer>"],
    ["<answer>\u00ad</answer>", "<answer>\u00ad</answer>"],
    ["<answer>\u115f</answer>", "<answer>\u115f</answer>"],
    ["<answer>\u{e0041}</answer>", "<answer>\u{e0041}</answer>"],
    ["<answer>\u0300</answer>", "<answer></answer>"],
    ["<answer>\u0000</answer>", "<answer>\u0000</answer>"],
    ["<answer>\u{1d173}</answer>", "<answer>\u{1d173}</answer>"],
  ];
  test.each(silences)("%j for %j", (completion, truth) => {
    for (const type of problemTypes) expect(accuracyReward(completion, truth, type), type).toBe(0);
  });
});

describe("format", () => {
  test.each<[string, number]>([
    ["<think>a</think><answer>b</answer>", 1],
    ["\n<think>a</think>\n<answer>b</answer>\n", 1],
    ["<think>a</think> so <answer>b</answer>", 0],
    ["x<think>a</think><answer>b</answer>", 0],
    ["<think>a</think><answer>b</answer>.", 0],
    ["<think>a</think><answer>b</answer><answer>b</answer>", 0],
    ["<think>a<think>b</think><answer>b</answer>", 0],
    ["<think>\u200b</think><answer>b</answer>", 0],
    ["<think>.</think><answer>.</answer>", 1],
    ["<think>a</think><answer><think>b</answer>", 0],
    ["<answer>b</answer><think>a</think>", 0],
    ["<think><answer>b</answer></think>", 0],
    ["<think>a</think><answer></answer>", 0],
    ["<think>a</think>\u3000<answer>b</answer>", 1],
    ["<think>a</think>\u200b<answer>b</answer>", 0],
    ["<think>a</think><answer>b</answer><|im_end|>", 0],
    ["<thinking>a</thinking><answer>b</answer>", 0],
    ["a</think><answer>b</answer>", 0],
    ["<think>a</think><answer>b<answer>c</answer></answer>", 0],
    ["<think>a</THINK><answer>b</answer>", 0],
  ])("%j: %d", (completion, format) => expect(formatReward(completion)).toBe(format));

  test.each<[string, number]>([
    ["a</think><answer>b</answer>", 1],
    ["<think>a</think><answer>b</answer>", 1],
    ["\n<think>a</think><answer>b</answer>", 1],
    ["</think><answer>b</answer>", 0],
    ["<answer>b</answer>", 0],
    ["a<think>b</think><answer>b</answer>", 0],
    ["\n</think><answer>b</answer>", 0],
  ])("where the prompt opens the thinking, %j: %d", (completion, format) => {
    expect(formatReward(completion, { thinkingOpened: true })).toBe(format);
  });
});
