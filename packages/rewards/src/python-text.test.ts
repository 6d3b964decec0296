import { expect, test } from "vitest";
import { isWhiteSpaceAt, splitWords, strip } from "./python-text.ts";

test("29 UTF-16 units are white space, as in CPython 3.11", () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) =>
    isWhiteSpaceAt(String.fromCharCode(unit), 0),
  );
  expect(units.map((unit) => unit.toString(16)).join(" ")).toBe(
    "9 a b c d 1c 1d 1e 1f 20 85 a0 1680 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200a 2028 2029 202f 205f 3000",
  );
});

test("strip and splitWords use that class, not JavaScript's", () => {
  expect(strip("\x1c\x85 a b\u3000\n")).toBe("a b");
  expect(strip("\ufeffa")).toBe("\ufeffa");
  expect(splitWords(" a\x1fb\u2003c\ufeffd ")).toEqual(["a", "b", "c\ufeffd"]);
  expect(splitWords(" \n")).toEqual([]);
});
