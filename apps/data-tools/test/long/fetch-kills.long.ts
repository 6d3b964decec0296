import { expect, test } from "vitest";
import { fetchUnderKills } from "../fetch-kills.ts";

test.each([1, 2, 3, 4])(
  "fetch that is killed thrice, seed %i, leaves the same cache as one that is not",
  async (seed) => {
    const { count, before, received, total, tree, undisturbed } = await fetchUnderKills({ seed, kills: 3 });
    expect(count).toBe(3);
    expect(received).toBe(total - before);
    expect(tree).toEqual(undisturbed);
  },
  3_600_000,
);
