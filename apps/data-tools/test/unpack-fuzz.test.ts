import { expect, test } from "vitest";
import { fuzzArchives } from "./fuzz-archives.ts";

test("150 mutated archives end in files or a clear error, and write nothing outside", async () => {
  const ends = await fuzzArchives(150, 15);
  expect(Object.values(ends).reduce((a, b) => a + b)).toBe(150);
  for (const end of ["complete", "incomplete", "UNPACK_BROKEN"]) expect(ends[end]).toBeGreaterThan(3);
});
