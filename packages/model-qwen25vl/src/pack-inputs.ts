import type { CheckedInputs } from "./inputs.ts";
import { type CompletionTokens, type PackedSequences, tokensOf } from "./packed-sequences.ts";
import type { RopeIndex } from "./rope-index.ts";

/** Tokens of a batch side by side. */
export interface PackedInputs {
  /** [P] those of the rows, then those of the completions. */
  inputIds: Int32Array;
  /** [P] 0 at the completions: a placeholder there is a token like others. */
  attentionMask: Int32Array;
  /** [3, P] */
  positionIds: Int32Array;
  sequences: PackedSequences;
}

/** The rows without their padding, and completions of them, whose positions go on from their prompt's. */
export function packInputs(
  inputs: Pick<CheckedInputs, "batch" | "length" | "inputIds" | "attentionMask">,
  { positionIds, nextPositions }: Pick<RopeIndex, "positionIds" | "nextPositions">,
  completions?: CompletionTokens,
): PackedInputs {
  const { batch, length } = inputs;
  const { places, cuSeqlens: rowBorders } = tokensOf(inputs);
  const { ids, lengths, promptOf } = completions ?? { ids: [], lengths: [], promptOf: [] };
  const rows = places.length;
  const packed = {
    inputIds: new Int32Array(rows + ids.length),
    attentionMask: new Int32Array(rows + ids.length).fill(1, 0, rows),
    positionIds: new Int32Array(3 * (rows + ids.length)),
  };
  packed.inputIds.set(places.map((place) => inputs.inputIds[place]!));
  packed.inputIds.set(ids, rows);
  const cuSeqlens = new Int32Array(batch + 1 + lengths.length);
  cuSeqlens.set(rowBorders);
  for (const [i, count] of lengths.entries()) cuSeqlens[batch + 1 + i] = cuSeqlens[batch + i]! + count;
  for (let axis = 0; axis < 3; axis++) {
    const own = packed.positionIds.subarray(axis * packed.inputIds.length, (axis + 1) * packed.inputIds.length);
    own.set(places.map((place) => positionIds[axis * batch * length + place]!));
    for (const [i, prompt] of promptOf.entries()) {
      const next = nextPositions[axis * batch + prompt]!;
      for (let t = 0; t < lengths[i]!; t++) own[cuSeqlens[batch + i]! + t] = next + t;
    }
  }
  const prefixOf = Int32Array.of(...new Array<number>(batch).fill(-1), ...promptOf);
  const wanted = completions && { wanted: lastTokensAndCompletions(cuSeqlens, batch) };
  return { ...packed, sequences: { cuSeqlens, prefixOf, ...wanted } };
}

/** The last token of each of the first `batch` sequences, and all tokens of the others. */
function lastTokensAndCompletions(cuSeqlens: Int32Array, batch: number) {
  const [rows, tokens] = [cuSeqlens[batch]!, cuSeqlens.at(-1)!];
  const last = cuSeqlens.subarray(1, batch + 1).map((end) => end - 1);
  const others = Int32Array.from({ length: tokens - rows }, (_, i) => rows + i);
  const borders = cuSeqlens.map((border, i) => (i <= batch ? i : border - rows + batch));
  return { rows: Int32Array.of(...last, ...others), cuSeqlens: borders };
}
