import { describe, expect, test } from "vitest";
import { readJson } from "../test/golden-case.ts";
import { parseConfig } from "./config.ts";
import { ModelConfigError } from "./errors.ts";

type Json = Record<string, unknown>;
const nested = () => readJson<Json & { text_config: Json; vision_config: Json }>("tiny_a", "config.json");
const flat = () => readJson<Json & { rope_scaling: Json; vision_config: Json }>("tiny_b", "config.json");

test("the nested layout", () => {
  const { source, ...config } = parseConfig(nested());
  expect(config).toMatchObject({
    imageTokenId: 506,
    videoTokenId: 507,
    tieWordEmbeddings: false,
    text: {
      vocabSize: 512,
      hiddenSize: 64,
      numKeyValueHeads: 2,
      headDim: 16,
      rmsNormEps: 1e-6,
      ropeTheta: 1e6,
      mropeSection: [2, 3, 3],
      padTokenId: null,
    },
    vision: { depth: 4, hiddenSize: 32, windowSize: 56, fullattBlockIndexes: [1, 3], tokensPerSecond: 2 },
  });
  expect(source).toEqual(nested());
});

test("the flat layout of the Hub", () => {
  expect(parseConfig(flat())).toMatchObject({
    tieWordEmbeddings: true,
    text: { headDim: 12, numKeyValueHeads: 1, rmsNormEps: 1e-5, ropeTheta: 1e4, mropeSection: [1, 2, 3] },
    vision: { depth: 3, inChannels: 3, windowSize: 112, tokensPerSecond: 4, outHiddenSize: 48 },
  });
});

describe("aliases mean the same", () => {
  const expected = parseConfig(flat());
  test.each<[string, Json]>([
    [
      "rope_scaling of type default",
      { rope_scaling: { type: "default", rope_type: "default", mrope_section: [1, 2, 3] } },
    ],
    [
      "rope_parameters",
      {
        rope_scaling: undefined,
        rope_theta: undefined,
        rope_parameters: { rope_type: "default", rope_theta: 10000, mrope_section: [1, 2, 3] },
      },
    ],
    ["dtype for torch_dtype", { torch_dtype: undefined, dtype: "bfloat16" }],
    ["in_channels for in_chans", { vision_config: { ...flat().vision_config, in_chans: undefined, in_channels: 3 } }],
    ["text_config null", { text_config: null }],
  ])("%s", (_, change) => {
    expect({ ...parseConfig({ ...flat(), ...change }), source: null }).toEqual({ ...expected, source: null });
  });
});

test("vision fields that a Hub file leaves out are those of the checkpoints", () => {
  const config = {
    ...flat(),
    hidden_size: 3584,
    num_attention_heads: 28,
    rope_scaling: { type: "mrope", mrope_section: [16, 24, 24] },
    vision_config: {},
  };
  expect(parseConfig(config).vision).toEqual({
    depth: 32,
    hiddenSize: 1280,
    numHeads: 16,
    intermediateSize: 3420,
    inChannels: 3,
    patchSize: 14,
    temporalPatchSize: 2,
    spatialMergeSize: 2,
    windowSize: 112,
    fullattBlockIndexes: [7, 15, 23, 31],
    outHiddenSize: 3584,
    tokensPerSecond: 4,
  });
});

test("a tie flag inside text_config counts when there is none above", () => {
  const { tie_word_embeddings: _, ...config } = nested();
  expect(
    parseConfig({ ...config, text_config: { ...config.text_config, tie_word_embeddings: true } }).tieWordEmbeddings,
  ).toBe(true);
});

describe("errors", () => {
  test.each<[string, Json, string]>([
    ["another model", { model_type: "qwen2_vl" }, 'model_type is "qwen2_vl", but only "qwen2_5_vl" is supported'],
    ["no model type", { model_type: undefined }, "model_type"],
    ["a missing size", { hidden_size: undefined }, "hidden_size"],
    ["a size of the wrong type", { num_hidden_layers: "2" }, "num_hidden_layers"],
    ["no rope sections", { rope_scaling: null }, "mrope_section is missing"],
    [
      "sections that do not add up",
      { rope_scaling: { type: "mrope", mrope_section: [1, 2, 4] } },
      "add up to head_dim / 2 = 6",
    ],
    ["a scaled rope", { rope_scaling: { type: "yarn", mrope_section: [1, 2, 3] } }, '"yarn" is not supported'],
    ["heads that do not divide", { num_key_value_heads: 3 }, "multiple of num_key_value_heads 3"],
    ["another activation", { hidden_act: "gelu" }, 'hidden_act "gelu" is not supported'],
    ["sliding windows", { use_sliding_window: true }, "use_sliding_window"],
    [
      "features of another size",
      { vision_config: { ...flat().vision_config, out_hidden_size: 64 } },
      "out_hidden_size 64 must equal hidden_size 48",
    ],
    ["windows smaller than a cell", { vision_config: { ...flat().vision_config, window_size: 14 } }, "window_size 14"],
  ])("%s", (_, change, message) => {
    expect(() => parseConfig({ ...flat(), ...change }, "folder/config.json")).toThrow(message);
  });

  test("all at once, with their place", () => {
    try {
      parseConfig(
        { ...nested(), text_config: { ...nested().text_config, hidden_size: 0, vocab_size: undefined } },
        "folder/config.json",
      );
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ModelConfigError);
      const { code, source, issues, hint } = error as ModelConfigError;
      expect({ code, source }).toEqual({ code: "CONFIG_INVALID", source: "folder/config.json" });
      expect(issues.map((issue) => issue.split(" ")[0])).toEqual(["text_config.vocab_size", "text_config.hidden_size"]);
      expect(hint).toContain("Qwen2.5-VL");
    }
  });

  test("not an object", () => {
    expect(() => parseConfig(null)).toThrow(ModelConfigError);
  });
});
