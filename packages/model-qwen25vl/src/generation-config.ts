import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { ModelConfig } from "./config.ts";
import { ModelConfigError } from "./errors.ts";

/** The fields of generation_config.json that leave the sampled distribution alone; sampling options are the caller's. */
export interface GenerationConfig {
  /** Tokens that end a completion. */
  eosTokenIds: readonly number[];
  padTokenId: number | null;
  /** The file as read: what `saveModel` writes back. */
  source: Readonly<Record<string, unknown>>;
}

const schema = z.looseObject({
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
  pad_token_id: z.int().nullish(),
});

/** How an assistant's turn ends, by other files than generation_config.json. */
export interface TurnEnd {
  /** The token that the chat template writes after the turn; undefined if it writes none. */
  templateId: number | undefined;
  /** The end token of the tokenizer. */
  tokenizerId: number | undefined;
}

/**
 * Reads generation_config.json; without the file, the token ids of the model's config.
 *
 * With `turnEnd`, the tokens that end a completion are those by which a chat's turn can end: the template's comes first, and
 * where no config names any, it or the tokenizer's is the one.
 *
 * @throws {ModelConfigError} If the file is not what it should be, or names end tokens without the template's, or with
 * `turnEnd` nothing names one.
 */
export function readGenerationConfig(path: string | null, config: ModelConfig, turnEnd?: TurnEnd): GenerationConfig {
  const fromFile = path !== null && existsSync(path);
  const text = (config.source.text_config ?? config.source) as Record<string, unknown>;
  const ids = ["bos_token_id", "eos_token_id", "pad_token_id"].filter(
    (key) => text[key] !== undefined && text[key] !== null,
  );
  let json: unknown = Object.fromEntries(ids.map((key) => [key, text[key]]));
  try {
    if (fromFile) json = JSON.parse(readFileSync(path, "utf8"));
    const source = schema.parse(json);
    const inFile = [source.eos_token_id ?? []].flat();
    const named = inFile.length > 0 ? inFile : idsIn(text.eos_token_id ?? config.source.eos_token_id);
    const eosTokenIds = turnEnd ? chatEndTokens(named, turnEnd, path ?? "config") : named;
    return { eosTokenIds, padTokenId: source.pad_token_id ?? null, source };
  } catch (cause) {
    if (cause instanceof ModelConfigError) throw cause;
    const issues = ["token ids must be integers"];
    throw new ModelConfigError(
      { source: path ?? "config", issues, hint: "Take generation_config.json from the checkpoint." },
      { cause },
    );
  }
}

const idsIn = (value: unknown): number[] => [value].flat().filter((id): id is number => Number.isInteger(id));

function chatEndTokens(named: readonly number[], { templateId, tokenizerId }: TurnEnd, source: string): number[] {
  const end = templateId ?? (named.length === 0 ? tokenizerId : undefined);
  if (end === undefined && named.length > 0) return [...named];
  if (end === undefined) {
    const issues = [
      "no token ends a completion: neither it, config.json, the chat template nor the tokenizer names one",
    ];
    throw new ModelConfigError({ source, issues, hint: "Set eos_token_id in generation_config.json." });
  }
  if (named.length > 0 && !named.includes(end)) {
    const issues = [
      `eos_token_id ${JSON.stringify(named)} lacks ${end}, the token that ends a turn of the chat template`,
    ];
    throw new ModelConfigError({ source, issues, hint: `Add ${end} to eos_token_id in generation_config.json.` });
  }
  return [end, ...named.filter((id) => id !== end)];
}
