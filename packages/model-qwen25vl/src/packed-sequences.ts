import type { CheckedInputs } from "./inputs.ts";

/** Sequences of tokens side by side in one row, without padding. */
export interface PackedSequences {
  /** [n+1] borders of the sequences. */
  cuSeqlens: Int32Array;
  /** [n] the sequence that each one continues, -1: none; those without come first, and the others ascend. */
  prefixOf: Int32Array;
  /** The tokens whose hidden states are wanted, ascending, the last ones of each sequence; and their borders. Absent: all. */
  wanted?: { rows: Int32Array; cuSeqlens: Int32Array };
}

/** Tokens of completions, side by side. */
export interface CompletionTokens {
  ids: Int32Array;
  /** [completions] tokens of each, at least one. */
  lengths: Int32Array;
  /** [completions] the row of the prompts that each continues, ascending. */
  promptOf: Int32Array;
}

/** [number of tokens] places of the tokens that are not padding, row by row, and the borders of the rows among them. */
export function tokensOf({ batch, length, attentionMask }: Pick<CheckedInputs, "batch" | "length" | "attentionMask">) {
  const places: number[] = [];
  const cuSeqlens = new Int32Array(batch + 1);
  for (let row = 0; row < batch; row++) {
    for (let i = row * length; i < (row + 1) * length; i++) if (attentionMask[i]) places.push(i);
    cuSeqlens[row + 1] = places.length;
  }
  return { places: Int32Array.from(places), cuSeqlens };
}
