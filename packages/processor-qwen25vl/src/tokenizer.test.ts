import { beforeAll, describe, expect, test } from "vitest";
import llamaCpp from "../test/golden/tokenizer/llama-cpp.json" with { type: "json" };
import pieces from "../test/golden/tokenizer/pieces.json" with { type: "json" };
import config from "../test/golden/tokenizer/tokenizer_config.json" with { type: "json" };
import vectors from "../test/golden/tokenizer/vectors.json" with { type: "json" };
import { readBrotli, withFolder } from "../test/processor-golden.ts";
import { ProcessorFileError, UnknownTokenError } from "./processor-errors.ts";
import { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";

let qwen: Tokenizer;
beforeAll(() => {
  qwen = createTokenizer(JSON.parse(readBrotli("tokenizer/tokenizer.json.br").toString()), config);
});

describe("Qwen2.5's tokenizer.json, against tokenizers 0.23.1", () => {
  test("encode: 158 texts", () => {
    expect(vectors.encode.map(({ text }) => qwen.encode(text))).toEqual(vectors.encode.map(({ ids }) => ids));
    expect(vectors.encode.length).toBe(158);
  });

  test("decode: their ids and 24 partial or odd lists, special tokens kept and skipped", () => {
    const rows = [...vectors.encode, ...vectors.decode];
    expect(rows.map(({ ids }) => qwen.decode(ids))).toEqual(rows.map((row) => row.decoded));
    expect(rows.map(({ ids }) => qwen.decode(ids, { skipSpecialTokens: true }))).toEqual(
      rows.map((row) => row.decoded_skip_special),
    );
  });

  test("pre-tokenizer: 577 texts are the sum of their recorded pieces", () => {
    const whole = pieces.rows.map(({ text }) => qwen.encode(text));
    expect(whole).toEqual(pieces.rows.map((row) => row.pieces.flatMap((piece) => qwen.encode(piece))));
    expect(whole.map((ids) => qwen.decode(ids))).toEqual(pieces.rows.map((row) => row.pieces.join("")));
    expect(whole.length).toBe(577);
  });

  test("llama.cpp's 43 vectors", () => {
    expect(llamaCpp.rows.map(({ text }) => qwen.encode(text))).toEqual(llamaCpp.rows.map(({ ids }) => ids));
  });

  test("special ids, and ids that no token has", () => {
    expect([qwen.padTokenId, qwen.eosTokenId, qwen.tokenId("<|video_pad|>")]).toEqual([151643, 151645, 151656]);
    expect(qwen.tokenId("<|none|>")).toBeUndefined();
    expect(qwen.decode([])).toBe("");
    expect(qwen.decode(Int32Array.of(9707, 151999, 1879))).toBe("Hello world");
  });
});

const words = ["<pad>", "<end>", "<unk>", "the", "café", "moves", ".", "</", ">", "x_1"];
const wordLevel = {
  added_tokens: [0, 1].map((id) => ({ id, content: words[id], special: true, normalized: false })),
  normalizer: null,
  pre_tokenizer: { type: "Whitespace" },
  post_processor: null,
  decoder: null,
  model: { type: "WordLevel", vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: "<unk>" },
};

describe("a WordLevel tokenizer", () => {
  const tokenizer = createTokenizer(wordLevel, { pad_token: "<pad>", eos_token: { content: "<end>" } });

  test.each([
    ["the café moves.", [3, 4, 5, 6], "Unicode word characters belong to words"],
    ["x_1 </>", [9, 2], "a run of signs is one word, here an unknown one"],
    ["the<end>\u0085 the", [3, 1, 3], "special tokens split; U+0085 is white space"],
    ["\ufeffthe", [2, 3], "U+FEFF is none"],
    ["nothing", [2], "unknown words have the model's unknown token"],
    ["", [], "nothing"],
  ])("%j", (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test("decode joins words with spaces", () => {
    expect(tokenizer.decode([3, 4, 1])).toBe("the café <end>");
    expect(tokenizer.decode([3, 4, 1], { skipSpecialTokens: true })).toBe("the café");
    expect([tokenizer.padTokenId, tokenizer.eosTokenId]).toEqual([0, 1]);
  });

  // of transformers 5.12.1, PreTrainedTokenizerFast
  test.each<[object, string]>([
    [{}, "<unk> the café moves"],
    [{ unk_token: "<unk>" }, "the café moves"],
    [{ eos_token: "moves" }, "<unk> the café"],
    [{ bos_token: { content: "moves" }, unk_token: null, add_bos_token: false }, "<unk> the café"],
    [{ image_token: "café" }, "<unk> the moves"],
    [{ additional_special_tokens: ["the", { content: "café" }] }, "<unk> moves"],
    [{ extra_special_tokens: { video_token: "the" } }, "<unk> café moves"],
    [{ added_tokens_decoder: { 3: { content: "the", special: true } } }, "<unk> café moves"],
    [{ added_tokens_decoder: { 3: { content: "the", special: false } } }, "<unk> the café moves"],
    [{ unk_token: "<none>" }, "<unk> the café moves"],
  ])("tokens that tokenizer_config.json names are special: %j", (named, text) => {
    const ids = [2, 3, 4, 5, 0];
    expect(createTokenizer(wordLevel, named).decode(ids, { skipSpecialTokens: true })).toBe(text);
    expect(createTokenizer(wordLevel, named).decode(ids)).toBe("<unk> the café moves <pad>");
  });

  test.each([
    [{}, "the café"],
    [{ added_tokens_decoder: {} }, "<unk> the café"],
  ])("special_tokens_map.json names some where the config %j has no added_tokens_decoder", async (named, text) => {
    const files = {
      "tokenizer.json": wordLevel,
      "tokenizer_config.json": named,
      "special_tokens_map.json": { unk_token: "<unk>" },
    };
    await withFolder(files, async (folder) => {
      const loaded = await loadTokenizer(folder);
      expect(loaded.decode([2, 3, 4], { skipSpecialTokens: true })).toBe(text);
    });
  });

  test("without an unknown token an unknown word is an error", () => {
    const { unk_token: _, ...model } = wordLevel.model;
    expect(() => createTokenizer({ ...wordLevel, model }, {}).encode("the dog")).toThrow(UnknownTokenError);
  });
});

describe("loadTokenizer names the file at fault", () => {
  test.each([
    [{}, "tokenizer.json: no such file"],
    [{ "tokenizer.json": "{" }, "tokenizer.json: is not valid JSON"],
    [{ "tokenizer.json": { model: 3 } }, "tokenizer.json: is no tokenizer that can be read"],
  ])("%j", async (files, message) => {
    await withFolder(files, async (folder) => {
      const failure = loadTokenizer(folder);
      await expect(failure).rejects.toThrow(ProcessorFileError);
      await expect(failure).rejects.toThrow(message);
    });
  });
});
