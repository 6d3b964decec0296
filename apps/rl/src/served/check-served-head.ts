import { readConfig } from "@videor1/model-qwen25vl";
import { ServedModelError } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import { pushOf } from "./rollout-server.ts";

/**
 * Whether servers can take all weights of the model: vLLM 0.32 reads a new embedding, and goes on with the old head where the two
 * are one, without a word.
 *
 * @throws {ServedModelError} OPTIONS, if the head is the embedding.
 */
export function checkServedHead(config: RlConfig): void {
  const isTied = () => readConfig(config.model).tieWordEmbeddings;
  if (!config.rollout.server || pushOf(config) === "adapter" || !isTied()) return;
  throw new ServedModelError("OPTIONS", {
    problem: `rollout.server: the head of ${config.model} is its embedding (tie_word_embeddings), and vLLM 0.32 keeps the old head when it reads new weights`,
    hint: "Train an adapter (lora={ rank: 64, alpha: 128 }), or a copy of the model with a head of its own: docs/served-rollouts.md.",
  });
}
