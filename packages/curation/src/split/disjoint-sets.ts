/** Sets of the numbers 0 .. count - 1 that only grow together. */
export interface DisjointSets {
  /** Joins the sets of two numbers. */
  join(a: number, b: number): void;
  /** The number that stands for a number's set: its smallest. */
  rootOf(a: number): number;
  /** Adds the next number, in a set of its own. */
  add(): number;
}

export function createDisjointSets(): DisjointSets {
  const parents: number[] = [];
  const rootOf = (a: number): number => {
    let at = a;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  return {
    rootOf,
    join(a, b) {
      const [first, second] = [rootOf(a), rootOf(b)];
      parents[Math.max(first, second)] = Math.min(first, second);
    },
    add: () => parents.push(parents.length) - 1,
  };
}
