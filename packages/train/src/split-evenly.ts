/** `parts` consecutive slices of the list whose lengths differ by one at most; some are empty where the list is short. */
export function splitEvenly<T>(list: readonly T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, i) =>
    list.slice(Math.floor((i * list.length) / parts), Math.floor(((i + 1) * list.length) / parts)),
  );
}
