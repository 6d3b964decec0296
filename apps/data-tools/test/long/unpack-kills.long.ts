import { expect, test } from "vitest";
import { unpackUnderKills } from "../unpack-kills.ts";

test.each([1, 2, 3, 4])(
  "unpack that is killed thrice, seed %i, leaves the same tree as one that is not",
  async (seed) => {
    const { killed, tree, undisturbed } = await unpackUnderKills({ seed, kills: 3, files: 3000 });
    expect(killed).toBe(3);
    expect(tree).toEqual(undisturbed);
  },
  3_600_000,
);
