/**
 * Writes a small Qwen2.5-VL with random weights as a Hugging Face folder: config.json, tokenizer.json (one token a
 * word), chat template, preprocessor config, safetensors. Every stage loads it like the 7B checkpoint.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createModel, parseConfig, saveModel } from "@videor1/model-qwen25vl";
import type { ModelSize } from "./config.ts";

const specials = [
  "<|endoftext|>",
  "<|im_start|>",
  "<|im_end|>",
  "<|vision_start|>",
  "<|vision_end|>",
  "<|vision_pad|>",
  "<|image_pad|>",
  "<|video_pad|>",
] as const;
const tags = ["<think>", "</think>", "<answer>", "</answer>"] as const;
const unknown = "<unk>";
const idOf = (special: (typeof specials)[number]): number => specials.indexOf(special);

/** Splits as the tokenizer's `Whitespace` pre-tokenizer does: runs of word characters, runs of other signs. */
const words = (text: string): string[] => text.replaceAll(/<\/?(think|answer)>/g, " ").match(/\w+|[^\w\s]+/g) ?? [];

/** Every word that occurs in the texts, in a fixed order. */
export function vocabulary(texts: Iterable<string>): string[] {
  const found = new Set<string>(["user", "assistant", "system"]);
  for (const text of texts) for (const word of words(text)) found.add(word);
  return [...found].sort();
}

function tokenizerJson(vocab: readonly string[]): object {
  const all = [...specials, ...tags, unknown, ...vocab];
  const added = (content: string, id: number, special: boolean) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...specials, ...tags].map((content, id) => added(content, id, id < specials.length)),
    normalizer: null,
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab: Object.fromEntries(all.map((word, id) => [word, id])), unk_token: unknown },
  };
}

/** Qwen2.5-VL's chat template without the default system prompt, which a word-level model of this size cannot use. */
const chatTemplate = `{% for message in messages %}<|im_start|>{{ message.role }}
{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% elif part.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>{% elif 'text' in part %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

function configJson(size: ModelSize, vocabSize: number): Record<string, unknown> {
  return {
    architectures: ["Qwen2_5_VLForConditionalGeneration"],
    model_type: "qwen2_5_vl",
    attention_dropout: 0,
    bos_token_id: idOf("<|endoftext|>"),
    eos_token_id: idOf("<|im_end|>"),
    vision_start_token_id: idOf("<|vision_start|>"),
    vision_end_token_id: idOf("<|vision_end|>"),
    vision_token_id: idOf("<|vision_pad|>"),
    image_token_id: idOf("<|image_pad|>"),
    video_token_id: idOf("<|video_pad|>"),
    hidden_act: "silu",
    hidden_size: size.hiddenSize,
    intermediate_size: size.intermediateSize,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    num_key_value_heads: size.keyValueHeads,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: { type: "mrope", mrope_section: size.mropeSection },
    tie_word_embeddings: true,
    torch_dtype: "float32",
    use_sliding_window: false,
    vocab_size: vocabSize,
    vision_config: {
      depth: size.vision.depth,
      hidden_act: "silu",
      hidden_size: size.vision.hiddenSize,
      intermediate_size: size.vision.intermediateSize,
      num_heads: size.vision.heads,
      in_chans: 3,
      out_hidden_size: size.hiddenSize,
      patch_size: 14,
      spatial_merge_size: 2,
      spatial_patch_size: 14,
      temporal_patch_size: 2,
      window_size: 28,
      fullatt_block_indexes: [size.vision.depth - 1],
      tokens_per_second: 2,
    },
  };
}

/**
 * Writes the model folder.
 *
 * @param texts - All texts of the records; their words are the vocabulary.
 * @returns The number of parameters.
 */
export async function makeModel(
  folder: string,
  size: ModelSize,
  texts: Iterable<string>,
  seed: number,
): Promise<number> {
  const vocab = vocabulary(texts);
  const raw = configJson(size, specials.length + tags.length + 1 + vocab.length);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const write = (name: string, value: object) => writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  await write("tokenizer.json", tokenizerJson(vocab));
  await write("tokenizer_config.json", {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: "<|im_end|>",
    pad_token: "<|endoftext|>",
    unk_token: unknown,
    clean_up_tokenization_spaces: false,
  });
  await write("chat_template.json", { chat_template: chatTemplate });
  await write("preprocessor_config.json", {
    image_processor_type: "Qwen2VLImageProcessor",
    processor_class: "Qwen2_5_VLProcessor",
    min_pixels: 3136,
    max_pixels: 12845056,
    patch_size: 14,
    temporal_patch_size: 2,
    merge_size: 2,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
  });
  const model = createModel(parseConfig(raw), { seed, scheme: { kind: "fanIn" } });
  await saveModel(model, folder);
  const parameters = Object.values(model.parameters).reduce((sum, { size }) => sum + size, 0);
  model.dispose();
  return parameters;
}
