import type { MetricInfo } from "@videor1/miniature";
import { decimal, points } from "@videor1/report";
import type { Estimate, Interval } from "@videor1/statistics";
import type { SeededValue } from "./worst.ts";

type Unit = MetricInfo["unit"];

/** A value: shares in percent; "" where there is none. */
export const value = (number: number | null, unit: Unit): string =>
  number === null ? "" : decimal(unit === "share" ? 100 * number : number, 1);

/** A difference with its sign: shares in percentage points. */
export const difference = (number: number, unit: Unit): string =>
  unit === "share" ? points(number) : decimal(number, 1, "+");

/** "[1.2, 3.4]"; "" without an interval. */
export const interval = ({ low, high }: Interval<number | null>, show: (number: number) => string): string =>
  low === null || high === null ? "" : `[${show(low)}, ${show(high)}]`;

/** "+5.5 ± 1.0": a difference and its standard error. */
export const withError = ({ mean, se }: Pick<Estimate, "mean"> & { se: number | null }, unit: Unit): string =>
  `${difference(mean, unit)}${se === null ? "" : ` ± ${value(se, unit)}`}`;

/** "0.0042"; "< 0.0001" below. */
export const probability = (p: number): string => (p < 1e-4 ? "< 0.0001" : p.toFixed(4));

/** "51.0 (0-105)": a run's value with its SFT seed and RL seed; "" without one. */
export const withSeeds = (worst: SeededValue | null | undefined, show: (number: number) => string): string =>
  worst ? `${show(worst.value)} (${worst.sftSeed}-${worst.rlSeed})` : "";
