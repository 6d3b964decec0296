/** Numbers as the page and the terminal print them. */

const minus = "−";
const signed = (text: string, value: number): string => `${value < 0 ? minus : "+"}${text}`;

/** "87.5" for 0.875. */
export const percent = (share: number): string => (100 * share).toFixed(1).replace("-", minus);

/** "87.5 %" for 0.875, not to be broken between number and sign. */
export const withPercent = (share: number): string => `${percent(share)}\u00a0%`;

/** "+12.5" for 0.125, "−3.0" for -0.03: percentage points. */
export const points = (share: number): string => signed(Math.abs(100 * share).toFixed(1), Math.round(1000 * share));

/** "+0.31": a signed number with two decimals. */
export const signedDecimal = (value: number): string => signed(Math.abs(value).toFixed(2), Math.round(100 * value));

/** "790,464". */
export const integer = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** What a number of a curve counts. */
export type Unit = "share" | "difference" | "tokens" | "nats";

const digits: Record<Unit, number> = { share: 2, difference: 2, tokens: 1, nats: 3 };

/** A value of a curve; a dash where there is none. */
export const inUnit = (value: number | null | undefined, unit: Unit): string =>
  value == null ? "–" : value.toFixed(digits[unit]).replace("-", minus);
