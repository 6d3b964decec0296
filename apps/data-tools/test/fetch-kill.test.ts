import { expect, test } from "vitest";
import { fetchUnderKills } from "./fetch-kills.ts";

test("fetch that is killed leaves the same cache in the end, and asks for no byte twice", async () => {
  const { count, before, received, total, ended, tree, undisturbed } = await fetchUnderKills({ seed: 3, kills: 1 });
  expect([count, ended]).toEqual([1, 40]);
  expect(before).toBeGreaterThan(0);
  expect(received).toBe(total - before);
  expect(tree).toEqual(undisturbed);
});
