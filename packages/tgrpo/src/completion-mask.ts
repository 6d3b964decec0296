/** Completions of different lengths as one right-padded, row-major block. */
export interface Completions {
  /** [R * C] */
  ids: Int32Array;
  /** [R] tokens of each row that count. */
  lengths: Int32Array;
  /** [R] index of the prompt that each row completes. */
  promptOf: Int32Array;
}

/** [R * C] row-major: 1 where column < length of the row, else 0. */
export function completionMask(lengths: ArrayLike<number>, width: number): Float32Array {
  const mask = new Float32Array(lengths.length * width);
  for (let row = 0; row < lengths.length; row++) mask.fill(1, row * width, row * width + lengths[row]!);
  return mask;
}

/**
 * Stacks rows, right-padded with id 0 to the longest; the mask, not the id, marks the padding.
 *
 * @throws {RangeError} If a row is empty or there is none: a completion has one token at least.
 */
export function stackCompletions(
  rows: readonly Int32Array[],
  promptOf: readonly number[],
): Completions & { width: number } {
  const empty = rows.findIndex((row) => row.length === 0);
  if (rows.length === 0 || empty >= 0)
    throw new RangeError(
      `stackCompletions: ${rows.length === 0 ? "no completions" : `completion ${empty} has no tokens`}`,
    );
  const width = Math.max(...rows.map((row) => row.length));
  const ids = new Int32Array(rows.length * width);
  for (const [i, row] of rows.entries()) ids.set(row, i * width);
  return { ids, lengths: Int32Array.from(rows, (row) => row.length), promptOf: Int32Array.from(promptOf), width };
}
