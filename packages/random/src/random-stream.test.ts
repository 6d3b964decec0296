import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "./random-stream.ts";

const draws = (stream: { next(): number }, n: number) => Array.from({ length: n }, () => stream.next());
const seeds = fc.maxSafeInteger();

test("the same seed and names give the same stream; any other, another", () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.string(), { maxLength: 3 }), (seed, names) => {
      const of = (...args: Parameters<typeof randomStream>) => draws(randomStream(...args), 4);
      expect(of(seed, ...names)).toEqual(of(seed, ...names));
      expect(of(seed, ...names)).not.toEqual(of(seed, ...names, "more"));
      expect(of(seed, ...names)).not.toEqual(of(seed === 0 ? 1 : -seed, ...names));
    }),
  );
  const paths = [["a", "b"], ["ab"], ["b", "a"], ["a", "", "b"], ["a,b"], [1], ["1"]];
  expect(new Set(paths.map((path) => randomStream(7, ...path).next())).size).toBe(paths.length);
});

test("the first draws of a stream stay what they are, so that runs can be repeated", () => {
  const stream = randomStream(42, "data", 3);
  const drawn = [
    stream.int(2 ** 32),
    stream.int(10),
    stream.next(),
    stream.permutation(5),
    stream.choice([..."abcdef"]),
  ];
  expect(drawn).toEqual([1570984773, 5, 0.6928224805770352, [0, 3, 1, 2, 4], "b"]);
});

test("streams do not disturb one another", () => {
  const [a, b] = [randomStream(1, "a"), randomStream(1, "b")];
  const alone = draws(randomStream(1, "a"), 6);
  const mixed = alone.map(() => [a.next(), b.next()][0]);
  expect(mixed).toEqual(alone);
});

describe("distribution", () => {
  const n = 100_000;

  test("next: uniform in [0, 1), mean 1/2 and variance 1/12", () => {
    const values = draws(randomStream(3), n);
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  });

  test("int: every value equally often, where a modulo would favour the small ones", () => {
    const size = 3 * 2 ** 30; // 2^32 mod size is 2^30: by modulo the lowest third would be drawn half of the time
    const stream = randomStream(5);
    const low = Array.from({ length: n }, () => stream.int(size)).filter((x) => x < 2 ** 30).length;
    expect(Math.abs(low / n - 1 / 3)).toBeLessThan(0.01);
  });

  test("permutation: all six orders of three equally often", () => {
    const stream = randomStream(6);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const key = stream.permutation(3).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(2000));
  });
});

test("a permutation holds every number once; a choice comes from the list", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 40 }), (seed, n) => {
      const order = randomStream(seed).permutation(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      if (n > 0) expect(order).toContain(randomStream(seed, "choice").choice(order));
    }),
  );
});

test.each([
  ["a seed that is no integer", () => randomStream(0.5), /seed=0.5/],
  ["int(0)", () => randomStream(0).int(0), /n=0/],
  ["int above 2^32", () => randomStream(0).int(2 ** 32 + 1), /n=4294967297/],
  ["a choice from nothing", () => randomStream(0).choice([]), /empty/],
])("refuses %s", (_, f, message) => {
  expect(f).toThrow(message);
});
