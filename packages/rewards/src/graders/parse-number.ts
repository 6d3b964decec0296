import type { Grading } from "../options.ts";
import { asciiDigits, parsePythonFloat, plainNumber } from "../python-float.ts";
import { strip, withoutInvisible } from "../python-text.ts";
import { areUnitsAlike, numberWithUnit } from "./number-with-unit.ts";

/** Thousands by commas, by apostrophes, or by the spaces that typography has for it. */
const groupedThousands =
  /^[+-]?\d{1,3}(?:(?:,\d{3})+|(?:['’]\d{3})+|(?:[\xa0\u2009\u202f]\d{3})+)(?:\.\d*)?(?:e[+-]?\d+)?$/i;
const grouping = /[,'’\xa0\u2009\u202f]/;
const groupings = /[,'’\xa0\u2009\u202f]/g;

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
 * the signs, digits and spaces that typography has for it (`−5`, `５．５`, `٥٫٥`, `1’000`). Too small a number for a float64 is
 * none, rather than 0.
 */
export function parseFiniteNumber(answer: string): number | undefined {
  if (plainNumber.test(answer)) {
    const plain = Number(answer);
    if (plain !== 0 && Number.isFinite(plain)) return plain;
  }
  const text = plainDigits(answer);
  if (text === undefined) return undefined;
  const number = parsePythonFloat(text);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  return number === 0 && /^[^e]*[1-9]/i.test(text) ? undefined : number;
}

/** The number's text without grouping; undefined where a comma or a space groups no thousands. */
function plainDigits(answer: string): string | undefined {
  const text = plainSigns(answer);
  if (!grouping.test(text)) return text;
  const stated = strip(text);
  if (groupedThousands.test(stated)) return stated.replace(groupings, "");
  return grouping.test(stated) ? undefined : stated;
}

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/** Sign, digits and power of ten of a number in one form, for those that one float64 stands for; undefined if it is none. */
export function exactDecimal(answer: string): string | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    decimal.exec(strip(plainDigits(answer)?.replace(/_/g, "") ?? "?")) ?? [];
  if (sign === undefined) return undefined;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  return `${sign.replace("+", "")}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** A character outside ASCII, or a space behind the sign. */
const typographic = /[^\0-\x7f]|^\s*[+-]\s/;

/**
 * The text with the digits of every script, full-width characters and the minus sign as ASCII has them, without characters
 * of no width and without a space behind its sign. A dash is a sign only at the start: `3–4` keeps it.
 */
export function plainSigns(text: string): string {
  if (!typographic.test(text)) return text;
  return asciiDigits(strip(withoutInvisible(text)))
    .replace(/[\uff05\uff08-\uff0f\uff25\uff45]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u066b/g, ".")
    .replace(/\u066c/g, ",")
    .replace(/\u066a/g, "%")
    .replace(/[−﹣]/g, "-")
    .replace(/^[‐‑‒–—](?=\s*[0-9.])/, "-")
    .replace(/^([+-])\s+(?=[0-9.])/, "$1");
}

/** The finite number that a text states under the safe rules, by the caller's reader if there is one. */
export function readFinite(text: string, { readNumber = parseFiniteNumber, units }: Grading): number | undefined {
  const number = readNumber(text) ?? (units ? numberIn(text, readNumber) : undefined);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

function numberIn(text: string, readNumber: (text: string) => number | undefined): number | undefined {
  const { number, unit } = numberWithUnit(text);
  const value = number === text ? undefined : readNumber(number);
  return value !== undefined && unit === "%" ? value / 100 : value;
}

/** False for two numbers of different units, where units are read: 3 m is not 3 cm. */
export function areComparable(answer: string, truth: string, { units }: Grading): boolean {
  return !units || areUnitsAlike(numberWithUnit(answer).unit, numberWithUnit(truth).unit);
}
