// Shape suffixes: R completions, C their tokens.
import { tidy } from "@tensorflow/tfjs-core";
import { ModelInputError } from "./errors.ts";
import { type CheckedInputs, checkLeftPadded, checkTokenIds } from "./inputs.ts";
import { type LogprobOptions, type Logprobs, pick } from "./logprobs.ts";
import type { Network } from "./network.ts";
import type { CompletionTokens } from "./packed-sequences.ts";

/** Completions of the prompts of a batch, right padded. */
export interface Completions {
  /** [R, C], row-major. */
  ids: Int32Array;
  /** [R] tokens of each completion, the rest is padding. */
  lengths: Int32Array;
  /** [R] the row of the prompts that each one completes. */
  promptOf: Int32Array;
}

/** One completion of each prompt, right padded with id 0 to the longest. */
export function completionsOf(rows: readonly (readonly number[])[]): Completions {
  const width = Math.max(...rows.map((row) => row.length));
  const ids = new Int32Array(rows.length * width);
  for (const [i, row] of rows.entries()) ids.set(row, i * width);
  const lengths = Int32Array.from(rows, (row) => row.length);
  return { ids, lengths, promptOf: Int32Array.from(rows, (_, i) => i) };
}

/**
 * log p(completion token | prompt, earlier completion tokens). Each prompt, its images and videos run once, and its
 * keys and values serve all its completions; gradients flow through them. Padding is not computed.
 *
 * @param prompts - LEFT padded.
 * @returns [R, C]; 0 at padding.
 * @throws {ModelInputError} SHAPE, TOKEN_RANGE, or NO_PROMPT if promptOf is not a row of the prompts, or a prompt is not left padded.
 */
export function completionLogprobs(
  network: Network,
  prompts: CheckedInputs,
  completions: Completions,
  options: LogprobOptions = {},
): Logprobs {
  checkCompletions(network, prompts, completions);
  const { ids, lengths, promptOf } = completions;
  const R = lengths.length;
  const C = ids.length / R;
  return tidy(() => {
    const { tokens, firstOf } = tokensRead(completions);
    const hidden = network.encodePacked(prompts, tokens);
    const rows: number[] = []; // rows of the hidden states: the prompt's last token, then the completion's own
    const places: number[] = [];
    for (let r = 0; r < R; r++) {
      for (let c = 0; c < lengths[r]!; c++) {
        rows.push(c === 0 ? promptOf[r]! : prompts.batch + firstOf[r]! + c - 1);
        places.push(r * C + c);
      }
    }
    const targets = places.map((place) => ids[place]!);
    return pick(network, hidden, rows, targets, places, [R, C], options);
  });
}

/** The tokens of each completion but its last, side by side by prompt, and where each completion's are. */
function tokensRead({ ids, lengths, promptOf }: Completions): { tokens: CompletionTokens; firstOf: Int32Array } {
  const R = lengths.length;
  const C = ids.length / R;
  const read = [...lengths.keys()].filter((r) => lengths[r]! > 1).sort((a, b) => promptOf[a]! - promptOf[b]! || a - b);
  const firstOf = new Int32Array(R);
  let first = 0;
  for (const r of read) {
    firstOf[r] = first;
    first += lengths[r]! - 1;
  }
  const tokens = new Int32Array(first);
  for (const r of read) tokens.set(ids.subarray(r * C, r * C + lengths[r]! - 1), firstOf[r]!);
  return {
    tokens: {
      ids: tokens,
      lengths: Int32Array.from(read, (r) => lengths[r]! - 1),
      promptOf: Int32Array.from(read, (r) => promptOf[r]!),
    },
    firstOf,
  };
}

function checkCompletions(network: Network, prompts: CheckedInputs, { ids, lengths, promptOf }: Completions): void {
  const R = lengths.length;
  const C = ids.length / R;
  if (!R || promptOf.length !== R || !Number.isInteger(C) || lengths.some((length) => length < 0 || length > C)) {
    const what = `Completions with ${ids.length} ids, ${R} lengths (largest ${Math.max(...lengths)}), ${promptOf.length} promptOf`;
    throw new ModelInputError("SHAPE", what, "Give ids [R, C], lengths [R] of at most C, promptOf [R].");
  }
  const stray = promptOf.find((prompt) => prompt < 0 || prompt >= prompts.batch);
  if (stray !== undefined) {
    const what = `promptOf names prompt ${stray}, but the batch has ${prompts.batch}`;
    throw new ModelInputError("NO_PROMPT", what, "promptOf[r] is the row of the prompt that completion r continues.");
  }
  checkTokenIds(
    ids.filter((_, i) => i % C < lengths[Math.floor(i / C)]!),
    network.config,
  );
  checkLeftPadded(prompts);
}
