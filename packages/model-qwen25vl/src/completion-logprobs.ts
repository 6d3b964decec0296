// Shape suffixes: B prompts, L their tokens, R completions, C their tokens, T tokens that are read, d hidden size.
import { concat, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { ModelInputError } from "./errors.ts";
import { type CheckedInputs, checkLeftPadded, checkTokenIds } from "./inputs.ts";
import { flatten, isIdentity, type LogprobOptions, type Logprobs, pick } from "./logprobs.ts";
import type { CompletionTokens, Network } from "./network.ts";
import type { RopeIndex } from "./rope-index.ts";

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
 * keys and values serve all its completions; gradients flow through them.
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
  const T = Math.max(0, Math.max(...lengths) - 1); // the last token of a completion is not read
  return tidy(() => {
    const read = (rope: RopeIndex) => tokensRead(network, prompts, rope, completions, T);
    const { hidden, completed } = network.encode(prompts, { lastOnly: true, ...(T > 0 && { completions: read }) });
    const last_Bd = flatten(hidden);
    const predictors = completed ? concat([last_Bd, flatten(completed)]) : last_Bd;
    const rows: number[] = []; // rows of the predictors: the prompt's last token, then the completion's own
    const places: number[] = [];
    for (let r = 0; r < R; r++) {
      for (let c = 0; c < lengths[r]!; c++) {
        rows.push(c === 0 ? promptOf[r]! : prompts.batch + r * T + c - 1);
        places.push(r * C + c);
      }
    }
    const targets = places.map((place) => ids[place]!);
    return pick(network, predictors, rows, targets, places, [R, C], options);
  });
}

/** The first T tokens of each completion, which see their prompt's keys and values. */
function tokensRead(
  network: Network,
  prompts: CheckedInputs,
  rope: RopeIndex,
  completions: Completions,
  T: number,
): CompletionTokens {
  const { batch, length, attentionMask, padded } = prompts;
  const { ids, lengths, promptOf } = completions;
  const R = lengths.length;
  const C = ids.length / R;
  const inputIds = new Int32Array(R * T);
  const positions = new Int32Array(3 * R * T);
  const keyMask = new Int32Array(R * (length + T)).fill(1);
  promptOf.forEach((prompt, r) => {
    inputIds.set(ids.subarray(r * C, r * C + Math.min(T, lengths[r]!)), r * T);
    keyMask.set(attentionMask.subarray(prompt * length, (prompt + 1) * length), r * (length + T));
    for (let axis = 0; axis < 3; axis++) {
      const next = rope.nextPositions[axis * batch + prompt]!;
      for (let t = 0; t < T; t++) positions[(axis * R + r) * T + t] = next + t;
    }
  });
  return {
    ids: inputIds,
    shape: [R, T],
    options: {
      rope: network.rotary(positions, [R, T], R * T),
      keyMask: padded ? tensor2d(keyMask, [R, length + T], "int32") : undefined,
    },
    promptOf: isIdentity(promptOf, batch) ? undefined : promptOf,
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
