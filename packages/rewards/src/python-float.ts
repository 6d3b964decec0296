// Python's float(str) and round(float, 2), which differ from Number() and toFixed() in ways a reward can see.

const decimal = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const nonFinite = /^([+-]?)(?:(inf|infinity)|nan)$/i;
/** `float` strips less than `str.strip`: U+001C..001F stay, and make the text unreadable. */
const surroundingSpace = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const anyDigit = /\p{Nd}/u;
const foreignDigit = /(?![0-9])\p{Nd}/gu;

/**
 * `float(text)`: a decimal number with optional sign, fraction, exponent and single underscores between digits, in any
 * script's decimal digits, or `inf`, `infinity`, `nan` in any case. Overflow gives an infinity.
 *
 * @returns the nearest float64, or `undefined` where Python raises ValueError (no hexadecimal, unit, `%` or empty text).
 */
export function parseFloatPython(text: string): number | undefined {
  const trimmed = trimForFloat(text);
  const ascii = trimmed.replace(foreignDigit, (digit) => String(digitValue(digit)));
  if (decimal.test(ascii)) return Number(ascii.replaceAll("_", ""));
  const special = nonFinite.exec(ascii);
  if (special === null) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
