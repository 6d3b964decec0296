import { beforeAll, expect, test } from "vitest";
import config from "../test/golden/tokenizer/tokenizer_config.json" with { type: "json" };
import { readBrotli } from "../test/processor-golden.ts";
import { answerTags, assistantTurn, checkTags } from "./assistant-turn.ts";
import { createChatTemplate } from "./chat-template.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

const json = () => JSON.parse(readBrotli("tokenizer/tokenizer.json.br").toString());
let tokenizer: Tokenizer;
beforeAll(() => {
  tokenizer = createTokenizer(json(), config);
});

const turns = (end: string, prefill: string) =>
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{% for c in m.content %}{{ c.text }}{% endfor %}" +
  `${end}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n${prefill}{% endif %}`;
const turnOf = (end: string, prefill: string) =>
  assistantTurn({ tokenizer, chatTemplate: createChatTemplate(turns(end, prefill)) });

test.each([
  ["<|im_end|>\n", "", { opened: "", endTokenId: 151645 }],
  ["<|endoftext|>", "<think>\n", { opened: "<think>\n", endTokenId: 151643 }],
  ["\n", "<think>", { opened: "<think>", endTokenId: undefined }],
  ["", "", { opened: "", endTokenId: undefined }],
])("a turn that ends with %j, opened with %j", (end, prefill, expected) => {
  expect(turnOf(end, prefill)).toEqual(expected);
});

test("tags that are special tokens are refused, with what to do", () => {
  checkTags({ tokenizer }, "model", answerTags);
  const { added_tokens, ...rest } = json();
  const added = (special: boolean) => {
    const tags = answerTags.map((content, i) => ({ id: 151665 + i, content, special, normalized: false }));
    return createTokenizer({ ...rest, added_tokens: [...added_tokens, ...tags] }, config);
  };
  checkTags({ tokenizer: added(false) }, "model", answerTags);
  expect(() => checkTags({ tokenizer: added(true) }, "model", answerTags)).toThrow(
    /model\/tokenizer.json: <think>, .* are special tokens.*Set "special": false/,
  );
});
