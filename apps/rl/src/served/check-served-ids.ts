import { ServedModelError } from "@videor1/served-model";
import type { PreparedPrompt } from "../prompts.ts";
import { isAnswered, type ServedHalf, type ServedSamples } from "./served-samples.ts";

/**
 * Whether the servers read the prompts that the policy reads, token for token, and answer with tokens that it has.
 *
 * @throws {ServedModelError} SERVER_SETUP, with the first difference.
 */
export function checkServedIds(prompts: readonly PreparedPrompt[], served: ServedSamples, vocabSize: number): void {
  for (const prompt of prompts) {
    const samples = served[prompt.id]!;
    if (!isAnswered(samples)) continue;
    compare(prompt.id, prompt.ordered.row.inputIds, samples.ordered);
    if (samples.permuted && prompt.kind === "video")
      compare(prompt.id, prompt.permuted!.row.inputIds, samples.permuted);
    for (const { completions } of [samples.ordered, ...(samples.permuted ? [samples.permuted] : [])])
      for (const { completionIds } of completions) checkVocabulary(prompt.id, completionIds, vocabSize);
  }
}

function checkVocabulary(id: string, tokens: Int32Array, vocabSize: number): void {
  const stray = tokens.find((token) => token < 0 || token >= vocabSize);
  if (stray === undefined) return;
  throw new ServedModelError("SERVER_SETUP", {
    problem: `A server answered ${id} with token ${stray}; the policy has ${vocabSize}`,
    hint: servedFolder,
  });
}

const servedFolder = "Serve the folder that is trained: its tokenizer, chat template and preprocessor_config.json.";

function compare(id: string, ours: ArrayLike<number>, { promptTokenIds: theirs }: ServedHalf): void {
  const place = Array.from(ours).findIndex((token, i) => theirs[i] !== token);
  if (place < 0 && theirs.length === ours.length) return;
  const at = place < 0 ? ours.length : place;
  throw new ServedModelError("SERVER_SETUP", {
    problem:
      `A server read another prompt than the policy for ${id}: ${theirs.length} tokens, not ${ours.length}; ` +
      `at ${at} it has ${theirs[at] ?? "none"}, not ${ours[at] ?? "none"}`,
    hint: servedFolder,
  });
}
