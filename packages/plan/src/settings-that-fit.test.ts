import { expect, test } from "vitest";
import { type Setting, settingsThatFit, withSettings } from "./settings-that-fit.ts";

const candidates: Setting[] = [
  ["a", 1],
  ["b.c", true],
  ["unknown", 1],
  ["lora", { rank: 64, alpha: 128 }],
];

/** Fits if the settings save so much; `unknown` is none of the config. */
const savings =
  (needed: number, saves: Record<string, number>) =>
  async (settings: readonly Setting[]): Promise<boolean | undefined> =>
    settings.some(([key]) => key === "unknown") && settings.length === 1
      ? undefined
      : settings.reduce((total, [key]) => total + (saves[key] ?? 0), 0) >= needed;

test("all that are enough alone", async () => {
  const found = await settingsThatFit(candidates, savings(5, { a: 5, "b.c": 1, lora: 9 }));
  expect(found).toEqual([["a=1"], ['lora="{ rank: 64, alpha: 128 }"']]);
});

test("else as few of the first as it takes together", async () => {
  expect(await settingsThatFit(candidates, savings(5, { a: 1, "b.c": 3, lora: 2 }))).toEqual([
    ["b.c=true", 'lora="{ rank: 64, alpha: 128 }"'],
  ]);
  expect(await settingsThatFit(candidates, savings(5, { a: 1, "b.c": 1, lora: 1 }))).toEqual([]);
});

test("settings go into a copy of the config, sections that it lacks too", () => {
  const config = { a: 0, b: { d: 2 } };
  expect(
    withSettings(config, [
      ["b.c", true],
      ["e.f", 1],
    ]),
  ).toEqual({ a: 0, b: { c: true, d: 2 }, e: { f: 1 } });
  expect(config).toEqual({ a: 0, b: { d: 2 } });
});
