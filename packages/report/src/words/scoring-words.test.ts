import { presets, type ScoreOptions } from "@videor1/tgrpo";
import { expect, test } from "vitest";
import { meaningOfP, overArms, whenRight } from "./scoring-words.ts";

const { neurips, code } = presets;
const none: ScoreOptions = { ...neurips, temporal: { kind: "none" } };

test.each([
  { name: "neurips", scoring: neurips, right: /^from .*0\.5$/, p: /^share/ },
  { name: "code", scoring: code, right: /^above .*0\.1$/, p: /^mean accuracy/ },
  { name: "none", scoring: none, right: /^from .*0\.5$/, p: /^share/ },
])("$name", ({ scoring, right, p }) => {
  expect(whenRight(scoring)).toMatch(right);
  expect(meaningOfP(scoring)).toMatch(p);
});

test("arms that are scored alike need no name", () => {
  const arms = [
    { name: "a", scoring: neurips },
    { name: "b", scoring: none },
  ];
  expect(overArms(arms, meaningOfP)).toBe(meaningOfP(neurips));
  expect(overArms([...arms, { name: "c", scoring: code }], meaningOfP)).toMatch(
    /^share.*\(a\), .*\(b\) and mean.*\(c\)$/,
  );
});
