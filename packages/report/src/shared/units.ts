/** Formats of numbers, for the page and its script. */

/** A number with a true minus sign; one that rounds to zero has no sign. */
export function decimal(value: number, digits: number, plus = ""): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : plus}${text}`;
}

/** "+0.31": a signed number with two decimals. */
export const signedDecimal = (value: number): string => decimal(value, 2, "+");

/** The unit of a curve. */
export type Unit = "share" | "difference" | "tokens" | "nats";

const digits: Record<Unit, number> = { share: 2, difference: 2, tokens: 1, nats: 3 };

/** A value of a curve; a dash for no value. */
export const inUnit = (value: number | null | undefined, unit: Unit): string =>
  value == null ? "–" : decimal(value, digits[unit]);

/** A difference of values of a curve, with its sign. */
export const signedInUnit = (value: number, unit: Unit): string => decimal(value, digits[unit], "+");
