import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answersSaid } from "./answers-said.ts";
import { extractAnswer } from "./index.ts";

const user = "<|im_end|>\n<|im_start|>user\n";
const assistant = "<|im_end|>\n<|im_start|>assistant\n";
const toolTurn = (text: string): string => `${user}<tool_response>\n${text}\n</tool_response>${assistant}`;

describe("the answer is what the model says in its last turn", () => {
  test.each([
    ["a tool's text", `<tool_call>{"name":"zoom"}</tool_call>${toolTurn("<answer>B</answer>")}<answer>A</answer>`, "A"],
    ["a tool's text alone", `<tool_call>{}</tool_call>${toolTurn("<answer>B</answer>")}I see`, ""],
    ["two turns", `<answer>A</answer>${toolTurn("ok")}<think>No</think><answer>B</answer>`, "B"],
    ["the prompt's words", `Hm${user}Write between the <answer> </answer> tags${assistant}<answer>B</answer>`, "B"],
    ["a user's answer at the end", `<answer>A</answer>${user}<answer>B</answer><|im_end|>`, "A"],
    ["a last turn without an answer", `<answer>A</answer>${user}Sure?${assistant}I do not know`, ""],
    ["a last turn cut in its thinking", `<answer>A</answer>${user}Sure?${assistant}<think>or <answer>B</answer>`, ""],
    ["an empty last turn", `<answer>A</answer>${assistant}`, "A"],
    ["behind the end of the turn", "<answer>A</answer><|endoftext|>Q: <answer>B</answer>", "A"],
    [
      "Llama's turns",
      "<answer>A</answer><|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\n<answer>B</answer>",
      "A",
    ],
    [
      "Gemma's turns",
      "x<end_of_turn>\n<start_of_turn>user\n<answer>B</answer><end_of_turn>\n<start_of_turn>model\n<answer>A</answer>",
      "A",
    ],
    ["DeepSeek's turns", "x<｜User｜><answer>B</answer><｜Assistant｜><answer>A</answer><｜end▁of▁sentence｜>", "A"],
    ["Mistral's turns", "x[INST]<answer>B</answer>[/INST]<answer>A</answer>", "A"],
    ["Mistral's tools", "x[TOOL_RESULTS]<answer>B</answer>[/TOOL_RESULTS]<answer>A</answer>", "A"],
    ["GLM's tools", "x<|observation|><answer>B</answer><|assistant|><answer>A</answer>", "A"],
    [
      "the channels of gpt-oss",
      "<|channel|>analysis<|message|><answer>B</answer><|end|><|start|>assistant<|channel|>final<|message|><answer>A</answer>",
      "A",
    ],
    [
      "Llama 4's turns",
      "x<|eot|><|header_start|>user<|header_end|>\n\n<answer>B</answer><|eot|><|header_start|>assistant<|header_end|>\n\n<answer>A</answer>",
      "A",
    ],
    [
      "Kimi's turns",
      "x<|im_end|><|im_user|>user<|im_middle|><answer>B</answer><|im_end|><|im_assistant|>assistant<|im_middle|><answer>A</answer>",
      "A",
    ],
    ["the end of Llama 2's", "<answer>A</answer></s>Q: <answer>B</answer>", "A"],
    ["a call", '<tool_call>{"text":"<answer>B</answer>"}</tool_call><answer>A</answer>', "A"],
    ["a call that is cut off", '<tool_call>{"text":"<answer>B</answer>"}', ""],
    ["a search's text", "<information><answer>B</answer></information><answer>A</answer>", "A"],
    [
      "a tool's closing of the thinking",
      "<think>x<tool_response></think><answer>B</answer></tool_response></think><answer>A</answer>",
      "A",
    ],
    ["a mention of a tool", "<think>The <tool_call> tag.</think><tool_call>{}</tool_call><answer>A</answer>", "A"],
    ["a mention of a tool's text", "<think>The <tool_response> says so.</think><answer>A</answer>", "A"],
  ])("%s", (_, text, answer) => expect(extractAnswer(text)).toBe(answer));
});

describe("the answer is not what shows its form", () => {
  test.each([
    ["in code", "In `<answer>A</answer>` form: <answer>B</answer>", "B"],
    ["in quotes", 'As "<answer>A</answer>": <answer>B</answer>', "B"],
    ["in a fence", "```xml\n<answer>A</answer>\n```\nSo: <answer>B</answer>", "B"],
    ["in another fence", "~~~\n<answer>A</answer>\n~~~\n<answer>B</answer>", "B"],
    ["in a fence, alone", "```\n<think>x</think><answer>B</answer>\n```", "B"],
    ["a fence in an answer", "<answer>```\nB\n```</answer> <answer>C</answer>", ""],
    ["in a comment", "<!-- <answer>A</answer> --><answer>B</answer>", "B"],
    ["in a result's text", "<result><answer>A</answer></result><answer>B</answer>", "B"],
    ["in a result's text, alone", "<result><answer>A</answer></result>", "A"],
    ["an answer of no width", "<answer>\u200b</answer><answer>B</answer>", "B"],
    ["in code, alone", "`<answer>A</answer>`", "A"],
    ["empty tags", "My answer goes between <answer></answer>: <answer>B</answer>", "B"],
    ["the two tags", "Between <answer> and </answer>: <answer>B</answer>", "B"],
    ["one tag", "Behind <answer>: <answer>B</answer>", "B"],
    ["a placeholder", "<answer>your answer here</answer> <answer>B</answer>", "B"],
    ["doubled tags", "<answer><answer>B</answer></answer>", "B"],
    ["other tags of thinking", "<thinking>maybe <answer>A</answer></thinking><answer>B</answer>", "B"],
    ["reasoning", "<reasoning>maybe <answer>A</answer></reasoning><answer>B</answer>", "B"],
    ["the same twice", "<answer>B</answer> So: <answer>B</answer>", "B"],
    ["several", "<answer>B</answer><answer>A</answer><answer>C</answer><answer>D</answer>", ""],
    ["thinking behind it", "<answer>B</answer><think>or <answer>A</answer>", "B"],
  ])("%s", (_, text, answer) => expect(extractAnswer(text)).toBe(answer));
});

test("a text of one thinking and one answer is read the same by the short way", () => {
  const marks = [
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "<tool_call>",
    "<|im_end|>",
    "[INST]",
    "A",
    "`",
    "<",
    "<A>",
    " ",
    "and",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...marks), { maxLength: 9 }), (parts) => {
      const text = parts.join("");
      const [first = "", ...others] = answersSaid(text);
      expect(extractAnswer(text)).toBe(others.every((other) => other === first) ? first : "");
    }),
    { numRuns: 20_000 },
  );
});
