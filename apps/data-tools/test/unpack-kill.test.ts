import { expect, test } from "vitest";
import { unpackUnderKills } from "./unpack-kills.ts";

test("unpack that is killed leaves the same tree in the end as one that is not", async () => {
  const { killed, kept, tree, undisturbed } = await unpackUnderKills({ seed: 5, kills: 1, files: 900 });
  expect(killed).toBe(1);
  expect(kept).toBeGreaterThan(0);
  expect(tree).toEqual(undisturbed);
});
