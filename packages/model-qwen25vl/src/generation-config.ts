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

/**
 * Reads generation_config.json; without the file, the token ids of the model's config.
 *
 * @throws {ModelConfigError} If the file is not what it should be.
 */
export function readGenerationConfig(path: string | null, config: ModelConfig): GenerationConfig {
  const fromFile = path !== null && existsSync(path);
  const text = (config.source.text_config ?? config.source) as Record<string, unknown>;
  const ids = ["bos_token_id", "eos_token_id", "pad_token_id"].filter(
    (key) => text[key] !== undefined && text[key] !== null,
  );
  let json: unknown = Object.fromEntries(ids.map((key) => [key, text[key]]));
  try {
    if (fromFile) json = JSON.parse(readFileSync(path, "utf8"));
    const source = schema.parse(json);
    const eos = source.eos_token_id ?? [];
    return { eosTokenIds: [eos].flat(), padTokenId: source.pad_token_id ?? null, source };
  } catch (cause) {
    const issues = ["token ids must be integers"];
    throw new ModelConfigError(
      { source: path ?? "config", issues, hint: "Take generation_config.json from the checkpoint." },
      { cause },
    );
  }
}
