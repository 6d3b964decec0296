import { isWhiteSpaceAt } from "./python-text.ts";

/** A decimal number of ASCII that both languages read alike. */
export const plainNumber = /^[+-]?[0-9]{1,15}(?:\.[0-9]{0,15})?(?:[eE][+-]?[0-9]{1,3})?$/;
const special = /^([+-]?)(?:inf(?:inity)?|(nan))$/i;
const longestSpecial = "-infinity".length;

/**
 * Python's `float(text)`: optional sign, fraction and exponent, single underscores between digits, the decimal digits of
 * any script, `inf`, `infinity` and `nan` in any case, white space around. A number too large is an infinity. Linear time.
 *
 * @returns the nearest float64, or `undefined` where Python raises ValueError: hexadecimal, units, `%`, empty text.
 */
export function parsePythonFloat(text: string): number | undefined {
  if (plainNumber.test(text)) return Number(text);
  const number = withAsciiDigits(stripForFloat(text));
  if (number === undefined) return undefined;
  if (isDecimal(number)) return Number(number.replace(/_/g, ""));
  const match = number.length <= longestSpecial ? special.exec(number) : null;
  if (match === null) return undefined;
  const [, sign, nan] = match;
  if (nan !== undefined) return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** float() strips less than str.strip() does: U+001C..001F are white space that it refuses. */
function stripForFloat(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isFloatSpaceAt(text, start)) start++;
  while (end > start && isFloatSpaceAt(text, end - 1)) end--;
  return text.slice(start, end);
}

function isFloatSpaceAt(text: string, i: number): boolean {
  return isWhiteSpaceAt(text, i) && (text.charCodeAt(i) & ~3) !== 0x1c;
}

/** True for [sign] digits [. [digits]] [e [sign] digits], or the same with digits after the point only. */
function isDecimal(text: string): boolean {
  const start = afterSign(text, 0);
  const whole = afterDigits(text, start);
  let end = whole;
  if (text[whole] === ".") {
    end = afterDigits(text, whole + 1);
    if (whole === start && end === whole + 1) return false;
  } else if (whole === start) return false;
  if (text[end] === "e" || text[end] === "E") {
    const exponent = afterSign(text, end + 1);
    end = afterDigits(text, exponent);
    if (end === exponent) return false;
  }
  return end === text.length;
}

function afterSign(text: string, i: number): number {
  return text[i] === "+" || text[i] === "-" ? i + 1 : i;
}

/** End of the run of digits that starts at `i`; an underscore may stand between two of them. */
function afterDigits(text: string, i: number): number {
  let end = i;
  while (isDigitAt(text, end) || (end > i && text.charCodeAt(end) === 0x5f && isDigitAt(text, end + 1))) end++;
  return end;
}

function isDigitAt(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  return unit >= 0x30 && unit <= 0x39;
}

/** The text with the decimal digits of every script as 0 to 9. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const codePoint = digit.codePointAt(0)!;
    return codePoint < 0x80 ? digit : String(codePoint - zeroOf(codePoint)!);
  });
}

/** The text with the digits of every script as 0 to 9; `undefined` if it has another character outside ASCII. */
function withAsciiDigits(text: string): string | undefined {
  let foreign = 0;
  while (foreign < text.length && text.charCodeAt(foreign) < 0x80) foreign++;
  if (foreign === text.length) return text;
  const units: number[] = [];
  let zero = Number.NaN; // zero of the current script
  for (let i = foreign; i < text.length; i++) {
    const codePoint = text.codePointAt(i)!;
    if (codePoint < 0x80) {
      units.push(codePoint);
      continue;
    }
    if (!(codePoint >= zero && codePoint < zero + 10)) {
      const found = zeroOf(codePoint);
      if (found === undefined) return undefined;
      zero = found;
    }
    units.push(0x30 + codePoint - zero);
    if (codePoint > 0xffff) i++;
  }
  return text.slice(0, foreign) + textOf(units);
}

function textOf(units: readonly number[]): string {
  const atOnce = 8192; // arguments of one call
  let text = "";
  for (let i = 0; i < units.length; i += atOnce) text += String.fromCharCode(...units.slice(i, i + atOnce));
  return text;
}

const zeros = new Map<number, number>();

/** The zero of a decimal digit's script. Unicode lists its ten digits in order, and such runs may follow each other. */
function zeroOf(codePoint: number): number | undefined {
  const known = zeros.get(codePoint);
  if (known !== undefined) return known;
  if (!isDecimalDigit(codePoint)) return undefined;
  let first = codePoint;
  while (isDecimalDigit(first - 1)) first--;
  const zero = codePoint - ((codePoint - first) % 10);
  zeros.set(codePoint, zero);
  return zero;
}

function isDecimalDigit(codePoint: number): boolean {
  return /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));
}
