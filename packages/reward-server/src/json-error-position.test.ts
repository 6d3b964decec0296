import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonErrorPosition } from "./json-error-position.ts";

describe("jsonErrorPosition", () => {
  test.each([
    ["", 0, "empty"],
    ["{", 1, "ends too soon"],
    ['{"items": }', 10, "no value"],
    ['{"a": 1,}', 8, "a comma too many"],
    ["[1 2]", 3, "no comma"],
    ['{"a" 1}', 5, "no colon"],
    ["{a: 1}", 1, "a bare key"],
    ["01", 1, "a leading zero"],
    ["-", 1, "a sign alone"],
    ["1.", 2, "no fraction"],
    ["1e+", 3, "no exponent"],
    ["tru]", 3, "half a word"],
    ["NaN", 0, "Python's json.dumps writes it; JSON has none"],
    ["[Infinity]", 1, "likewise"],
    ['"a\nb"', 2, "a line break in a string"],
    ['"\\x"', 2, "an escape that JSON lacks"],
    ['"\\u12G4"', 5, "not a hexadecimal digit"],
    ['"abc', 4, "a string without end"],
    ["{} {}", 3, "two values"],
    ["'a'", 0, "single quotes"],
  ])("%j stops at %d: %s", (text, position) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorPosition(text)).toBe(position);
  });

  test("finds a mistake exactly where JSON.parse fails, in damaged JSON", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", "}", "]", ",", ":", '"', "\\", "x", "0", "-", ".", "e", "\u0001"))
      .map(([text, at, char]) => {
        const i = at % (text.length + 1);
        return text.slice(0, i) + char + text.slice(i + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        let message: string | undefined;
        try {
          JSON.parse(text);
        } catch (error) {
          message = (error as Error).message;
        }
        const position = jsonErrorPosition(text);
        expect(position === undefined).toBe(message === undefined);
        const told = message?.match(/at position (\d+)/)?.[1];
        // V8 points at the start of a broken escape or number, we at the character that breaks it.
        if (told !== undefined) expect(Math.abs(position! - Number(told))).toBeLessThanOrEqual(6);
      }),
      { numRuns: 3000 },
    );
  });

  test("a million brackets neither overflow the stack nor take long", () => {
    expect(jsonErrorPosition("[".repeat(1_000_000))).toBe(1_000_000);
  });
});
