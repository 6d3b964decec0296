/** Numbers as the page and the terminal print them. */

/** A number with a true minus; nothing that rounds to zero has a sign. */
export function decimal(value: number, digits: number, plus = ""): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : plus}${text}`;
}

/** "87.5" for 0.875. */
export const percent = (share: number): string => decimal(100 * share, 1);

/** "87.5 %" for 0.875, not to be broken between number and sign. */
export const withPercent = (share: number): string => `${percent(share)}\u00a0%`;

/** "+12.5" for 0.125, "−3.0" for -0.03: percentage points. */
export const points = (share: number): string => decimal(100 * share, 1, "+");

/** "+0.31": a signed number with two decimals. */
export const signedDecimal = (value: number): string => decimal(value, 2, "+");

/** "790,464". */
export const integer = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** "a", "a and b", "a, b and c". */
export const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** What a number of a curve counts. */
export type Unit = "share" | "difference" | "tokens" | "nats";

const digits: Record<Unit, number> = { share: 2, difference: 2, tokens: 1, nats: 3 };

/** A value of a curve; a dash where there is none. */
export const inUnit = (value: number | null | undefined, unit: Unit): string =>
  value == null ? "–" : decimal(value, digits[unit]);

/** A difference of values of a curve, with its sign. */
export const signedInUnit = (value: number, unit: Unit): string => decimal(value, digits[unit], "+");
