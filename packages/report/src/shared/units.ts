/** Numbers as the page prints them; the page's own script uses them too. */

/** A number with a true minus; nothing that rounds to zero has a sign. */
export function decimal(value: number, digits: number, plus = ""): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : plus}${text}`;
}

/** "+0.31": a signed number with two decimals. */
export const signedDecimal = (value: number): string => decimal(value, 2, "+");

/** What a number of a curve counts. */
export type Unit = "share" | "difference" | "tokens" | "nats";

const digits: Record<Unit, number> = { share: 2, difference: 2, tokens: 1, nats: 3 };

/** A value of a curve; a dash where there is none. */
export const inUnit = (value: number | null | undefined, unit: Unit): string =>
  value == null ? "–" : decimal(value, digits[unit]);

/** A difference of values of a curve, with its sign. */
export const signedInUnit = (value: number, unit: Unit): string => decimal(value, digits[unit], "+");
