import { describe, expect, test } from "vitest";
import { parsePythonFloat } from "./python-float.ts";

// Every right-hand side is what CPython 3.11 prints for float(text); undefined is a ValueError.
describe("as float() of CPython 3.11", () => {
  test.each<[string, number | undefined]>([
    ["1_000", 1000],
    ["1__0", undefined],
    ["_1", undefined],
    ["1_.5", undefined],
    ["1.5_5", 1.55],
    ["1e1_0", 1e10],
    ["3.", 3],
    [".5", 0.5],
    ["-.5", -0.5],
    [".", undefined],
    ["1.e5", 1e5],
    [".e5", undefined],
    ["1e+", undefined],
    ["1e400", Number.POSITIVE_INFINITY],
    ["+ 1", undefined],
    ["0x10", undefined],
    ["50%", undefined],
    ["−5", undefined], // U+2212
    ["", undefined],
    [" \n", undefined],
    ["\x851\xa0", 1],
    ["\x1c1", undefined], // white space to str.strip, not to float
    ["1\x00", undefined],
    ["\ufeff1", undefined],
    ["１２", 12],
    ["٣.٤", 3.4],
    ["1_２", 12],
    ["𝟙", 1],
    ["iNf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["+nan", Number.NaN],
    ["ınf", undefined],
    ["infinit", undefined],
  ])("%j", (text, expected) => expect(parsePythonFloat(text)).toBe(expected));
});

test("every decimal digit of Unicode has the value that its place in its run says", () => {
  let run = 0; // digits before it without a gap
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    const digit = String.fromCodePoint(codePoint);
    const isDigit = /^\p{Nd}$/u.test(digit);
    if (isDigit) expect(parsePythonFloat(`1${digit}`), codePoint.toString(16)).toBe(10 + (run % 10));
    run = isDigit ? run + 1 : 0;
  }
});
