import type { Grading } from "../options.ts";
import { parsePythonFloat } from "../python-float.ts";
import { strip } from "../python-text.ts";
import { areUnitsAlike, numberWithUnit } from "./number-with-unit.ts";

const groupedThousands = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:e[+-]?\d+)?$/i;

/**
 * The number an answer states to the original: all commas dropped, then Python's `float()`; `undefined` if it is not a
 * number. May be infinite or NaN.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `normalize_number`
 */
export function parseNumber(answer: string): number | undefined {
  return parsePythonFloat(answer.includes(",") ? answer.replace(/,/g, "") : answer);
}

/**
 * The number an answer states under the safe rules: finite, with commas between thousands only (`1,000`, not `3,5`), with
 * the signs and digits that typography has for it (`−5`, `５．５`). Too small a number for a float64 is none, rather than 0.
 */
export function parseFiniteNumber(answer: string): number | undefined {
  const text = plainSigns(answer);
  if (text.includes(",") && !groupedThousands.test(strip(text))) return undefined;
  const number = parseNumber(text);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  return number === 0 && /^[^e]*[1-9]/i.test(text) ? undefined : number;
}

/** A character outside ASCII, or a space behind the sign. */
const typographic = /[^\0-\x7f]|^\s*[+-]\s/;

/**
 * The text with full-width characters and the minus sign as ASCII has them, and without a space behind its sign. A dash is a
 * sign only at the start: `3–4` keeps it.
 */
export function plainSigns(text: string): string {
  if (!typographic.test(text)) return text;
  return strip(text)
    .replace(/[\uff05\uff08-\uff0f\uff10-\uff19\uff25\uff45]/g, (wide) =>
      String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
    )
    .replace(/[−﹣]/g, "-")
    .replace(/^[‐‑‒–—](?=\s*[0-9.])/, "-")
    .replace(/^([+-])\s+(?=[0-9.])/, "$1");
}

/** The finite number that a text states under the safe rules, by the caller's reader if there is one. */
export function readFinite(text: string, { readNumber = parseFiniteNumber, units }: Grading): number | undefined {
  const number = readNumber(text) ?? (units ? readNumber(numberWithUnit(text).number) : undefined);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** False for two numbers of different units, where units are read: 3 m is not 3 cm. */
export function areComparable(answer: string, truth: string, { units }: Grading): boolean {
  return !units || areUnitsAlike(numberWithUnit(answer).unit, numberWithUnit(truth).unit);
}
