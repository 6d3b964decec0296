/** Numbers of things by name, in the order of the names. */
export interface Tally {
  add(name: string, count?: number): void;
  of(name: string): number;
  counts(): Record<string, number>;
}

export function createTally(): Tally {
  const numbers = new Map<string, number>();
  const of = (name: string) => numbers.get(name) ?? 0;
  return {
    add: (name, count = 1) => void numbers.set(name, of(name) + count),
    of,
    counts: () => Object.fromEntries([...numbers].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
