import { describe, expect, test } from "vitest";
import { z } from "zod";
import { numShuffled } from "./num-shuffled.ts";
import { contrastDefaults, type PresetName, presets, TgrpoOptions } from "./presets.ts";

const scoring = (tgrpo: unknown) => TgrpoOptions.parse({ tgrpo }).tgrpo;

describe("a preset", () => {
  test.each(Object.keys(presets) as PresetName[])("%s alone is the published form", (preset) => {
    expect(scoring({ preset })).toEqual({ preset, ...presets[preset] });
  });

  test.each([
    ["neurips", 4],
    ["v1", 8],
    ["code", 4],
  ] as const)("%s samples %i shuffled completions beside 8 ordered ones", (preset, count) => {
    expect(numShuffled(TgrpoOptions.parse({ rollout: { numGenerations: 8 }, tgrpo: { preset } }))).toBe(count);
  });

  test("options change single fields of it", () => {
    const changed = scoring({ preset: "code", temporal: { alpha: 0.1 }, length: { enabled: false } });
    expect(changed.temporal).toEqual({ ...presets.code.temporal, alpha: 0.1 });
    expect(changed.length).toEqual({ ...presets.code.length, enabled: false });
    expect(changed.correctThreshold).toBe(0.1);
  });
});

test.each([
  ["none", { kind: "none" }],
  ["contrast", contrastDefaults],
  [
    { kind: "contrast", tau: 2 },
    { ...contrastDefaults, tau: 2 },
  ],
  ["tgrpo", presets.v1.temporal],
  [
    { kind: "tgrpo", mu: 2 },
    { ...presets.v1.temporal, mu: 2 },
  ],
])("temporal %j over v1", (temporal, expected) => {
  expect(scoring({ preset: "v1", temporal }).temporal).toEqual(expected);
});

test.each([{}, { tgrpo: { preset: "v1", temporal: "contrast" } }, { tgrpo: { preset: "code" }, loss: { beta: 0 } }])(
  "what is resolved stays as it is: %j",
  (input) => {
    const resolved = TgrpoOptions.parse(input);
    expect(TgrpoOptions.parse(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
  },
);

test.each([
  [{ preset: "icml" }, /expected one of "neurips"\|"v1"\|"code"/],
  [{ temporal: "tgpro" }, /kind must be "none", "tgrpo" or "contrast"/],
  [{ temporal: { kind: "contrast", mu: 1 } }, /Unrecognized key: "mu"/],
  [{ temporal: { gamma: 1 } }, /Unrecognized key: "gamma"/],
  [{ advantage: { ddof: 2 } }, /ddof/],
])("%j is refused", (input, message) => {
  expect(z.prettifyError(TgrpoOptions.safeParse({ tgrpo: input }).error!)).toMatch(message);
});
