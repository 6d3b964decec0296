import { expect, test } from "vitest";
import { globFilter, globPattern } from "./glob.ts";

test.each<[string, boolean, string[], string[]]>([
  ["*.zip", true, ["a.zip", "a/b.zip"], ["a.zip.001"]],
  ["*.zip", false, ["a.zip"], ["a/b.zip"]],
  ["**/*.zip", false, ["a.zip", "a/b.zip", "a/b/c.zip"], ["a/b"]],
  ["a/**", false, ["a/b", "a/b/c"], ["a", "ab/c"]],
  ["a/", true, ["a/b", "a/b/c"], ["a", "b/a/c"]],
  ["?[a-c][!0-9]", false, ["xax", "/b-"].slice(0, 1), ["xa1", "xdx", "/b-"]],
  ["a.b+(c)|{d}^$", true, ["a.b+(c)|{d}^$"], ["aXb+(c)|{d}^$"]],
  ["[", true, ["["], ["a"]],
  ["[]a]", true, ["]", "a"], ["b"]],
])("%s, * crosses folders: %s", (pattern, crossing, fits, others) => {
  const expression = globPattern(pattern, { crossing });
  expect(fits.filter((path) => !expression.test(path))).toEqual([]);
  expect(others.filter((path) => expression.test(path))).toEqual([]);
});

test("an interval that goes backwards holds nothing", () => {
  expect(globPattern("[z-a]", { crossing: true }).test("m")).toBe(false);
});

test("paths are chosen by include, less exclude", () => {
  const chosen = globFilter(["*.json", "a/"], ["a/x*"], { crossing: true });
  expect(["b.json", "a/b", "a/x.json", "c"].filter(chosen)).toEqual(["b.json", "a/b"]);
});
