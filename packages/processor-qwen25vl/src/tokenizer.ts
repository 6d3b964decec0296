// Where @huggingface/tokenizers 0.2.0 departs from the Rust library, mended here:
// 1. The Whitespace pre-tokenizers use JavaScript's ASCII \w and its own \s; they become Split patterns, which it reads as Unicode.
// 2. WordLevel takes its unknown token from tokenizer_config.json, not from the model.
// 3. decode([]) throws, and ids outside the vocabulary become the unknown token where the original drops them.
// Left as it is: `(?i:'s)` does not match U+017F there; no token of Qwen2.5 spans that letter, so no id changes.
import { join } from "node:path";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { namedTokens } from "./named-tokens.ts";
import { ProcessorFileError, UnknownTokenError } from "./processor-errors.ts";
import { readJsonIfThere } from "./read-json.ts";

export interface Tokenizer {
  /** Token ids of a text. Special tokens inside the text become their ids, as in the original. */
  encode(text: string): number[];
  /**
   * Text of token ids. Bytes that are no UTF-8 become U+FFFD; ids outside the vocabulary are dropped. Special are the tokens that
   * tokenizer.json marks so and those that tokenizer_config.json names, the unknown token too.
   */
  decode(ids: Iterable<number>, options?: { skipSpecialTokens?: boolean }): string;
  /** Id of a whole token, undefined if it is not in the vocabulary. */
  tokenId(token: string): number | undefined;
  readonly padTokenId: number | undefined;
  readonly eosTokenId: number | undefined;
}

/** Pre-tokenizer -> the pattern of its matches. */
const wordPatterns: Readonly<Record<string, string>> = { Whitespace: "\\w+|[^\\w\\s]+", WhitespaceSplit: "\\S+" };

interface PreTokenizer {
  type: string;
  pretokenizers?: PreTokenizer[] | undefined;
  [other: string]: unknown;
}

const PreTokenizer: z.ZodType<PreTokenizer> = z.looseObject({
  type: z.string(),
  get pretokenizers() {
    return z.array(PreTokenizer).optional();
  },
});

const TokenizerJson = z.looseObject({
  model: z.looseObject({ unk_token: z.string().nullish() }),
  pre_tokenizer: PreTokenizer.nullish(),
  normalizer: z.unknown().optional(),
  post_processor: z.unknown().optional(),
  decoder: z.unknown().optional(),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
});

const Token = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish();

/** The named tokens of tokenizer_config.json; other fields pass through. */
export const TokenizerConfig = z.looseObject({
  pad_token: Token,
  eos_token: Token,
  bos_token: Token,
  unk_token: Token,
});
export type TokenizerConfig = z.infer<typeof TokenizerConfig>;

/**
 * Creates a tokenizer from the parsed contents of tokenizer.json and tokenizer_config.json.
 * @throws {z.ZodError} If the contents have another form.
 */
export function createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Tokenizer {
  const json = TokenizerJson.parse(tokenizerJson);
  const config = TokenizerConfig.parse(tokenizerConfig);
  const inner = new HuggingFaceTokenizer(
    {
      ...json,
      pre_tokenizer: json.pre_tokenizer ? mendPreTokenizer(json.pre_tokenizer) : null,
      normalizer: json.normalizer ?? null,
      post_processor: json.post_processor ?? null,
      decoder: json.decoder ?? null,
    },
    { ...config, unk_token: json.model.unk_token ?? config.unk_token },
  );
  const tokenId = (token: string): number | undefined => inner.token_to_id(token);
  const named = new Set(namedTokens(config).map(tokenId));
  return {
    encode(text) {
      const { ids, tokens } = inner.encode(text);
      const unknown = ids.indexOf(undefined as never);
      if (unknown >= 0) throw new UnknownTokenError(tokens[unknown]!);
      return ids;
    },
    decode(ids, { skipSpecialTokens = false } = {}) {
      const isShown = (id: number) => inner.id_to_token(id) !== undefined && !(skipSpecialTokens && named.has(id));
      const known = [...ids].filter(isShown);
      if (known.length === 0) return "";
      return inner.decode(known, { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: false });
    },
    tokenId,
    padTokenId: config.pad_token ? tokenId(config.pad_token) : undefined,
    eosTokenId: config.eos_token ? tokenId(config.eos_token) : undefined,
  };
}

/**
 * Reads `tokenizer.json` and, if there, `tokenizer_config.json` of a model's folder, and of folders of older versions of
 * transformers `special_tokens_map.json`.
 * @throws {ProcessorFileError} If tokenizer.json is missing, or a file is not what it should be.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const path = join(folder, "tokenizer.json");
  const json = await readJsonIfThere(path);
  if (json === undefined) {
    const hint = "Save the model with its fast tokenizer, or copy tokenizer.json from the base model's folder.";
    throw new ProcessorFileError({ path, problem: "no such file", hint });
  }
  const config = (await readJsonIfThere(join(folder, "tokenizer_config.json"))) ?? {};
  const isOld = typeof config === "object" && !("added_tokens_decoder" in config);
  const map = isOld ? await readJsonIfThere(join(folder, "special_tokens_map.json")) : undefined;
  try {
    return createTokenizer(json, map ? { ...config, ...map } : config);
  } catch (cause) {
    const problem = `is no tokenizer that can be read: ${(cause as Error).message}`;
    throw new ProcessorFileError({ path, problem, hint: "It must be a file of Hugging Face tokenizers." }, { cause });
  }
}

function mendPreTokenizer(config: PreTokenizer): PreTokenizer {
  if (config.pretokenizers) return { ...config, pretokenizers: config.pretokenizers.map(mendPreTokenizer) };
  const Regex = wordPatterns[config.type];
  return Regex ? { type: "Split", pattern: { Regex }, behavior: "Removed", invert: true } : config;
}
