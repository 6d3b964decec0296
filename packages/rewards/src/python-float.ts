import { memoized } from "./memoized.ts";
import { strip } from "./python-text.ts";

const decimal = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const special = /^([+-]?)(?:inf(?:inity)?|(nan))$/i;
const otherDigit = /(?![0-9])\p{Nd}/gu;

/**
 * Python's `float(text)`: optional sign, fraction and exponent, single underscores between digits, the decimal digits of
 * any script, `inf`, `infinity` and `nan` in any case, white space around. A number too large is an infinity.
 *
 * @returns the nearest float64, or `undefined` where Python raises ValueError: hexadecimal, units, `%`, empty text.
 */
export function parsePythonFloat(text: string): number | undefined {
  // float() strips less than str.strip() does: U+001C..001F are white space that it refuses.
  if (hasInformationSeparator(text)) return undefined;
  const number = strip(text).replace(otherDigit, (digit) => digitValue(digit));
  if (decimal.test(number)) return Number(number.replaceAll("_", ""));
  const match = special.exec(number);
  if (match === null) return undefined;
  const [, sign, nan] = match;
  if (nan !== undefined) return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function hasInformationSeparator(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x1c && unit <= 0x1f) return true;
  }
  return false;
}

/** Unicode lists every script's decimal digits in order and from zero: the distance to the run's start is the value. */
const digitValue = memoized((digit) => {
  const codePoint = digit.codePointAt(0)!;
  let start = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return String((codePoint - start) % 10);
});
