import type { Rows } from "./rows.ts";

export type PaddingSide = "left" | "right";

/** Pads token rows to the longest: ids, and a mask that is 0 at padding. Both [rows, longest]. */
export function padRows(
  rows: readonly ArrayLike<number>[],
  padTokenId: number,
  side: PaddingSide,
): { inputIds: Rows<Int32Array>; attentionMask: Rows<Int32Array> } {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const ids = new Int32Array(rows.length * longest).fill(padTokenId);
  const mask = new Int32Array(rows.length * longest);
  for (const [index, row] of rows.entries()) {
    const start = index * longest + (side === "left" ? longest - row.length : 0);
    ids.set(row, start);
    mask.fill(1, start, start + row.length);
  }
  const shape: [number, number] = [rows.length, longest];
  return { inputIds: { data: ids, shape }, attentionMask: { data: mask, shape } };
}
