import { expect, test } from "vitest";
import { otherScriptShare } from "./other-script.ts";

test.each([
  ["I see a cat", "What is it?", 0, undefined],
  ["这是猫", "What is it?", 1, "Chinese and Japanese"],
  ["It is 猫 of π radians", "What is it?", 1 / 14, "Chinese and Japanese"],
  ["It says 猫", "What does 猫 mean?", 0, undefined],
  ["это кот", "これは何?", 1, "Cyrillic"],
  ["12 + 3", "What is it?", 0, undefined],
  ["猫", "12 + 3 = ?", 0, undefined],
  ["ⴰⴱ", "What is it?", 1, "other"],
  ["C'est café", "What is it?", 0, undefined],
])("%j on %j: %d %s", (text, question, share, script) => {
  const found = otherScriptShare(text, question);
  expect(found.share).toBeCloseTo(share);
  expect(found.script).toBe(script);
});
