import { describe, expect, test } from "vitest";
import golden from "../test/golden/tokenizer/chat-template.json" with { type: "json" };
import textConfig from "../test/golden/tokenizer/tokenizer_config.json" with { type: "json" };
import { withFolder } from "../test/processor-golden.ts";
import { createChatTemplate, loadChatTemplate, type Message } from "./chat-template.ts";

interface Row {
  messages: Message[];
  add_generation_prompt?: boolean;
  add_vision_id?: boolean;
  rendered: string;
}
const optionsOf = (row: Row) => ({
  addGenerationPrompt: row.add_generation_prompt ?? false,
  addVisionId: row.add_vision_id ?? false,
});

describe("rendering equals transformers 5.12.1", () => {
  const vision = createChatTemplate(golden.template);
  test.each(golden.vision as Row[])("Qwen2.5-VL: $messages", (row) => {
    expect(vision(row.messages, optionsOf(row))).toBe(row.rendered);
  });

  const text = createChatTemplate(textConfig.chat_template);
  test.each(golden.text as Row[])("Qwen2.5: $messages", (row) => {
    expect(text(row.messages, optionsOf(row))).toBe(row.rendered);
  });
});

describe("loadChatTemplate", () => {
  const hello: Message[] = [{ role: "user", content: "hi" }];
  test.each([
    ["the .jinja file wins", { "chat_template.jinja": "1", "chat_template.json": { chat_template: "2" } }, "1"],
    [
      "then the .json",
      { "chat_template.json": { chat_template: "2" }, "tokenizer_config.json": { chat_template: "3" } },
      "2",
    ],
    ["then the tokenizer's", { "tokenizer_config.json": { chat_template: "3" } }, "3"],
    [
      "the default of several",
      {
        "tokenizer_config.json": {
          chat_template: ["tool", "default"].map((name) => ({ name, template: `<${name}>` })),
        },
      },
      "<default>",
    ],
    [
      "with the tokenizer's tokens",
      {
        "chat_template.jinja": "{{ messages[0].content + eos_token }}",
        "tokenizer_config.json": { eos_token: { content: "!" } },
      },
      "hi!",
    ],
  ])("%s", async (_, files, rendered) => {
    await withFolder(files, async (folder) => {
      expect((await loadChatTemplate(folder))(hello)).toBe(rendered);
    });
  });

  test.each([
    [{}, "there is no chat template"],
    [{ "chat_template.jinja": "{% if" }, "no chat template that can be parsed"],
  ])("%j is an error", async (files, message) => {
    await withFolder(files, async (folder) => {
      await expect(loadChatTemplate(folder)).rejects.toThrow(message);
    });
  });
});
