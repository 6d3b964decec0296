import type { MetricInfo } from "@videor1/miniature";
import { decimal, percent, points } from "@videor1/report";

type Unit = MetricInfo["unit"];

/** A value: shares in percent. */
export const value = (number: number | null, unit: Unit): string =>
  number === null ? "" : unit === "share" ? percent(number) : decimal(number, 1);

/** A difference with its sign: shares in percentage points. */
export const difference = (number: number, unit: Unit): string =>
  unit === "share" ? points(number) : decimal(number, 1, "+");

/** "[1.2, 3.4]"; "" without an interval. */
export const interval = (low: number | null, high: number | null, show: (number: number) => string): string =>
  low === null || high === null ? "" : `[${show(low)}, ${show(high)}]`;

/** "+5.5 ± 1.0": a difference and its standard error. */
export const withError = (mean: number, se: number | null, unit: Unit): string =>
  `${difference(mean, unit)}${se === null ? "" : ` ± ${value(se, unit)}`}`;
