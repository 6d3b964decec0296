import { expect, test } from "vitest";
import { fuzzArchives } from "../fuzz-archives.ts";

test.each([1, 2, 3, 4])(
  "5,000 mutated archives of seed %i end in files or a clear error, and write nothing outside",
  async (seed) => {
    const ends = await fuzzArchives(5000, seed);
    console.log(ends);
    expect(Object.values(ends).reduce((a, b) => a + b)).toBe(5000);
  },
  3_600_000,
);
