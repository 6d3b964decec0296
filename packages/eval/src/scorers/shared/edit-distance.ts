/** Levenshtein distance of two texts in code points, as Python's libraries count it. */
export function editDistance(left: string, right: string): number {
  const target = [...right];
  let row = Array.from({ length: target.length + 1 }, (_, i) => i);
  for (const [i, character] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of target.entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (character === other ? 0 : 1)));
    }
    row = next;
  }
  return row[target.length]!;
}
