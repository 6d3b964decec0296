import { contrastDefaults, presets } from "@videor1/tgrpo";
import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import { tgrpoOptions } from "./options.ts";

const required = { model: "model", outputDir: "out", data: { records: "rl.json", media: { mediaRoot: "media" } } };
const optionsOf = (changes: object = {}) => tgrpoOptions(RlConfig.parse({ ...required, ...changes }));

test("without settings: the preset neurips, whose sampling and lengths are the config's defaults", () => {
  expect(optionsOf()).toEqual(presets.neurips);
});

test("another preset keeps everything that the config does not set", () => {
  const { sampling, loss, ...code } = presets.code;
  expect(optionsOf({ tgrpo: { preset: "code" } })).toMatchObject(code);
});

test("a field that is set replaces the preset's, and no other", () => {
  const options = optionsOf({ tgrpo: { temporal: { alpha: 0.5 }, correctStrict: true, advantage: { scale: "none" } } });
  expect(options).toEqual({
    ...presets.neurips,
    correctStrict: true,
    temporal: { ...presets.neurips.temporal, alpha: 0.5 },
    advantage: { ...presets.neurips.advantage, scale: "none" },
  });
});

test("the loss is clipped only where answers are used more than once", () => {
  expect(optionsOf().loss).not.toHaveProperty("epsilonLow");
  const { loss, iterations } = optionsOf({ loss: { iterations: 2, epsilonHigh: 0.28 } });
  expect(iterations).toBe(2);
  expect(loss).toMatchObject({ epsilonLow: 0.2, epsilonHigh: 0.28 });
});

test.each<[string, unknown, object]>([
  ["a bare word", "none", { kind: "none" }],
  ["the preset's own kind, by name", "tgrpo", presets.neurips.temporal],
  ["order contrast as it comes", "contrast", contrastDefaults],
  ["order contrast as a gate", { kind: "contrast", tau: 1, clip: 0 }, { ...contrastDefaults, tau: 1, clip: 0 }],
])("temporal: %s", (_, temporal, expected) => {
  expect(optionsOf({ tgrpo: { temporal } }).temporal).toEqual(expected);
});

test.each<[object, string]>([
  [{ kind: "contrast", mu: 1 }, "mu"],
  [{ kind: "none", alpha: 1 }, "alpha"],
  [{ tau: 1 }, "tau"],
])("a field of another kind is named: %o", (temporal, field) => {
  const { issues } = RlConfig.safeParse({ ...required, tgrpo: { temporal } }).error!;
  expect(JSON.stringify(issues)).toContain(`"keys":["${field}"]`);
});
