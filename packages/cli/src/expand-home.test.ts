import { expect, test } from "vitest";
import { expandHome } from "./expand-home.ts";

test.each([
  ["~/x", "/home/me/x"],
  ["~", "/home/me"],
  ["$HOME/x", "/home/me/x"],
  ["$" + "{HOME}/x", "/home/me/x"],
  ["~other/x", "~other/x"],
  ["$HOMES/x", "$HOMES/x"],
  ["runs/~/x", "runs/~/x"],
  ["about ~5", "about ~5"],
])("%j is %j", (text, expected) => {
  expect(expandHome({ a: [text], b: 3, c: null }, "/home/me")).toEqual({ a: [expected], b: 3, c: null });
});
