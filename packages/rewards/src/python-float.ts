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
  return converted(text, true)!;
}

/** The text with the digits of every script as 0 to 9; `undefined` if it has another character outside ASCII. */
function withAsciiDigits(text: string): string | undefined {
  return converted(text, false);
}

function converted(text: string, keepsOthers: boolean): string | undefined {
  let foreign = 0;
  while (foreign < text.length && text.charCodeAt(foreign) < 0x80) foreign++;
  if (foreign === text.length) return text;
  const units = new Uint16Array(text.length - foreign);
  let count = 0;
  let zero = Number.NaN; // zero of the current script
  for (let i = foreign; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      units[count++] = unit;
      continue;
    }
    if (unit >= zero && unit < zero + 10) {
      units[count++] = 0x30 + unit - zero;
      continue;
    }
    const codePoint = text.codePointAt(i)!;
    const found = zeroOf(codePoint);
    if (found !== undefined) {
      zero = found;
      units[count++] = 0x30 + codePoint - zero;
      if (codePoint > 0xffff) i++;
    } else if (keepsOthers) units[count++] = unit;
    else return undefined;
  }
  return text.slice(0, foreign) + textOf(units.subarray(0, count));
}

function textOf(units: Uint16Array): string {
  const atOnce = 8192; // arguments of one call
  let text = "";
  for (let i = 0; i < units.length; i += atOnce) text += String.fromCharCode(...units.subarray(i, i + atOnce));
  return text;
}

/** Characters remembered at most. */
const mostRemembered = 4096;
const zeros = new Map<number, number | undefined>();

/** The zero of a decimal digit's script. Unicode lists its ten digits in order, and such runs may follow each other. */
function zeroOf(codePoint: number): number | undefined {
  if (zeros.has(codePoint)) return zeros.get(codePoint);
  let zero: number | undefined;
  if (isDecimalDigit(codePoint)) {
    let first = codePoint;
    while (isDecimalDigit(first - 1)) first--;
    zero = codePoint - ((codePoint - first) % 10);
  }
  if (zeros.size < mostRemembered) zeros.set(codePoint, zero);
  return zero;
}

function isDecimalDigit(codePoint: number): boolean {
  return /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));
}
