import fc from "fast-check";
import { expect, test } from "vitest";
import { longestCommonSubsequence } from "./longest-common-subsequence.ts";

/** The textbook table: an independent way to the same number. */
function byTable(t: readonly number[], p: readonly number[]): number {
  const table = [t.map(() => 0)];
  for (const [i, y] of p.entries()) {
    const above = table[i]!;
    const row: number[] = [];
    for (const [j, x] of t.entries()) {
      row.push(x === y ? (above[j - 1] ?? 0) + 1 : Math.max(above[j]!, row[j - 1] ?? 0));
    }
    table.push(row);
  }
  return table.at(-1)!.at(-1) ?? 0;
}

test("the table's length, whatever the number of blocks", () => {
  const size = 4;
  const sequence = (most: number) => fc.array(fc.nat(most), { maxLength: 100, size: "max" });
  fc.assert(
    fc.property(sequence(size - 1), sequence(size), (t, p) => {
      const expected = byTable(t, p);
      expect(longestCommonSubsequence(t, p, size, Math.min(t.length, p.length))).toBe(expected);
      expect(longestCommonSubsequence(t, p, size, expected)).toBe(expected); // the least bound there is
    }),
    { numRuns: 500 },
  );
});

test("across chunks: a long text is searched to its end", () => {
  const t = Array.from({ length: 100 }, (_, i) => i);
  const p = Array.from({ length: 20_000 }, (_, i) => (i % 199 === 0 ? Math.floor(i / 199) % 101 : 100));
  expect(longestCommonSubsequence(t, p, 100, 100)).toBe(byTable(t, p));
});
