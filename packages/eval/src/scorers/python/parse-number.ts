import { parseNumber } from "@videor1/rewards";

/** `float(text)`; undefined where Python raises ValueError. Unlike the rewards' `parseNumber`, it takes no comma. */
export const parseFloatText = (text: string): number | undefined =>
  text.includes(",") ? undefined : parseNumber(text);

const integer = /^[+-]?[0-9]+(?:_[0-9]+)*$/;
const mostDigits = 4300;
const asciiSpaces = /^[\t-\r ]+|(?<![\t-\r ])[\t-\r ]+$/g;
const foreignSpace = /[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;

/**
 * `int(text)`: a sign, the decimal digits of any script with single underscores between them, white space around; undefined
 * where Python raises ValueError, and for more than 4,300 digits.
 */
export function parseIntegerText(text: string): bigint | undefined {
  const plain = asciiDigits(text.replace(foreignSpace, " ")).replace(asciiSpaces, "");
  if (!integer.test(plain)) return undefined;
  const digits = plain.replace(/[+_-]/g, "");
  if (digits.length > mostDigits) return undefined;
  return plain.startsWith("-") ? -BigInt(digits) : BigInt(digits);
}

/** The decimal digits of every script as 0 to 9: one alone is a number that `float()` reads. */
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(parseNumber(digit)));
}
