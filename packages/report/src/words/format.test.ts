import { expect, test } from "vitest";
import { inUnit, signedDecimal, signedInUnit } from "../shared/units.ts";
import { inWords, points, withPercent } from "./format.ts";

test.each([
  { text: withPercent(0.8754), expected: "87.5\u00a0%", reason: "one decimal, no break" },
  { text: points(0.125), expected: "+12.5", reason: "a gain has its sign" },
  { text: points(-0.03), expected: "−3.0", reason: "a true minus, not a hyphen" },
  { text: points(-0.0001), expected: "0.0", reason: "what rounds to zero has no sign" },
  { text: signedDecimal(-1.005), expected: "−1.00", reason: "two decimals" },
  { text: inUnit(null, "share"), expected: "–", reason: "no value" },
  { text: inUnit(-0.25, "difference"), expected: "−0.25", reason: "a true minus, not a hyphen" },
  { text: inUnit(-0.001, "difference"), expected: "0.00", reason: "what rounds to zero has no sign" },
  { text: inUnit(21.44, "tokens"), expected: "21.4", reason: "tokens have one decimal" },
  { text: signedInUnit(0.0125, "nats"), expected: "+0.013", reason: "nats have three" },
  { text: inWords(["a", "b", "c"]), expected: "a, b and c", reason: "a list" },
])("$expected: $reason", ({ text, expected }) => {
  expect(text).toBe(expected);
});
