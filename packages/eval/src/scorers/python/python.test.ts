import { expect, test } from "vitest";
import { firstOf, lastOf, lengthOf } from "./code-points.ts";
import { fixedText, floatText, roundTo } from "./number-text.ts";
import { parseFloatText, parseIntegerText } from "./parse-number.ts";
import { splitLines, splitWords } from "./split.ts";
import { stripCharacters, stripEnd } from "./strip.ts";
import { textRepr } from "./text-repr.ts";
import { wordBoundary } from "./word.ts";

// Every expectation is what Python 3.11 prints.

test.each([
  [0.125, 2, "0.12"],
  [0.375, 2, "0.38"],
  [2.675, 2, "2.67"],
  [2.5, 0, "2"],
  [3.5, 0, "4"],
  [-0.5, 0, "-0"],
  [0.0005, 3, "0.001"],
  [0.0625, 3, "0.062"],
  [1e22, 1, "10000000000000000000000.0"],
  [Number.NaN, 3, "nan"],
  [Number.NEGATIVE_INFINITY, 3, "-inf"],
])("f'{%d:.%df}' is %s", (x, decimals, expected) => {
  expect(fixedText(x, decimals)).toBe(expected);
});

test("round(x, n) rounds the exact binary value, a tie to even", () => {
  expect([0.5, 1.5, 2.5, -2.5].map((x) => roundTo(x, 0))).toEqual([0, 2, 2, -2]);
  expect([0.666665, 1.005, 2 / 3].map((x) => roundTo(x, 5))).toEqual([0.66666, 1.005, 0.66667]);
  expect(roundTo(Number.POSITIVE_INFINITY, 2)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  [1, "1.0"],
  [-0, "-0.0"],
  [0.1, "0.1"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1e15, "1000000000000000.0"],
  [1e16, "1e+16"],
  [1.5e300, "1.5e+300"],
  [123456789.125, "123456789.125"],
])("repr(%d) is %s", (x, expected) => {
  expect(floatText(x)).toBe(expected);
});

test.each([
  ["007", 7n],
  [" +1_000\n", 1000n],
  ["-٣", -3n],
  ["\u30005\xa0", 5n],
  ["1__0", undefined],
  ["0x10", undefined],
  ["1.0", undefined],
  ["\x1c5", undefined],
  ["", undefined],
  ["- 5", undefined],
  ["²", undefined],
])("int(%j)", (text, expected) => {
  expect(parseIntegerText(text)).toBe(expected);
});

test.each([
  ["1_000.5", 1000.5],
  ["1,000", undefined],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["", undefined],
])("float(%j)", (text, expected) => {
  expect(parseFloatText(text)).toBe(expected);
});

test("white space is Python's", () => {
  expect(splitWords("\u2003a\x1cb\x85 c\ufeffd ")).toEqual(["a", "b", "c\ufeffd"]);
  expect(splitLines("a\r\nb\x1dc\u2028d\n\ne\n")).toEqual(["a", "b", "c", "d", "", "e"]);
  expect(splitLines("")).toEqual([]);
});

test("strip(characters) takes any of them, in any order", () => {
  expect(stripCharacters(".,a.b,.", ",.")).toBe("a.b");
  expect(stripEnd(".a..", ".")).toBe(".a");
});

test("lengths are code points", () => {
  expect([lengthOf("a😀"), firstOf("😀😀a", 1), lastOf("a😀😀", 2)]).toEqual([2, "😀", "😀😀"]);
});

test.each([
  ["it's", `"it's"`],
  [`"it's"`, `'"it\\'s"'`],
  ["a\\b\n\x7f\u200b\xa0\u{e0001}é 😀", String.raw`'a\\b\n\x7f\u200b\xa0\U000e0001é 😀'`],
])("repr of a text", (text, expected) => {
  expect(textRepr(text)).toBe(expected);
});

test("a word may be of any script", () => {
  const letter = new RegExp(`${wordBoundary}A${wordBoundary}`, "u");
  expect(["A.", "éA", "A٣", "A\u0301", "是A"].map((text) => letter.test(text))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});
