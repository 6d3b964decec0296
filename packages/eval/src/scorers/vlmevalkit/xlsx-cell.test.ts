import { expect, test } from "vitest";
import { throughXlsx } from "./xlsx-cell.ts";

// What pandas 3.1 reads of what xlsxwriter 3.3 wrote, beside one other text.
test.each([
  ["C", "C"],
  [" nan ", " nan "],
  ["none", "none"],
  ["=1+2", "=1+2"],
  ["a\tb\nc", "a\tb\nc"],
  ["a\r\nb", "a_x000D_\nb"],
  ["a\x0b\x1c\x7f\x85", "a_x000B__x001C_\x7f\x85"],
  ["\ufffe\uffff", "_xFFFE__xFFFF_"],
  ["_x000D_ a_x0041_b", "_x000D_ a_x0041_b"],
  ["_x005F_x", "_x"],
  ["x005F_y", "y"],
  ["", undefined],
  ["N/A", undefined],
  ["None", undefined],
  ["nan", undefined],
  ["-1.#QNAN", undefined],
])("%j comes back as %j", (reply, expected) => {
  expect(throughXlsx(reply)).toBe(expected);
});

test("a cell holds 32,767 UTF-16 units, and no half of a pair", () => {
  expect(throughXlsx("é".repeat(40_000))).toBe("é".repeat(32_767));
  expect(throughXlsx("😀".repeat(40_000))).toBe("😀".repeat(16_383));
});
