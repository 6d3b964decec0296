import { meanOf, quantile, smooth, tenth } from "@videor1/statistics";
import type { Unit } from "../shared/units.ts";

/** One value a step; null for a step without one. */
export type Series = readonly (number | null)[];

/** One arm's values over the steps: the median of its runs (seeds) and, as a band, their middle half. */
export interface Line {
  /** Index of the arm; -1: the SFT run. */
  arm: number;
  /** Median of the runs at every step. */
  raw: (number | null)[];
  /** Median of the runs' centred means over the window. */
  smooth: (number | null)[];
  /** First and third quartile of the runs' centred means; null where there is one run. */
  band: { low: (number | null)[]; high: (number | null)[] } | null;
  /** Mean over the runs of the mean of a run's first tenth of steps, unsmoothed; with window 1, of its first value. */
  first: number | null;
  /** As `first`, of the last tenth or value. */
  last: number | null;
  /** The same of each run. */
  lasts: (number | null)[];
}

/** A quantity over the steps of a stage. */
export interface Curve {
  /** Unique in a report; notes may add curves to those of the report. */
  id: string;
  stage: "SFT" | "RL";
  title: string;
  about: string;
  unit: Unit;
  steps: number[];
  /** Steps of the centred mean; fewer at the ends and where steps have no value. 1: not smoothed. */
  window: number;
  /** Lines of the arms that have a value at some step. */
  lines: Line[];
}

/** The line of an arm from its runs' values at the same steps. */
export function lineOf(arm: number, runs: readonly Series[], window: number): Line {
  const smoothed = runs.map((values) => smooth(values, window));
  const acrossRuns = (of: readonly Series[], q: number) =>
    of[0]!.map((_, i) =>
      quantile(
        of.map((values) => values[i]!),
        q,
      ),
    );
  const count = window === 1 ? 1 : tenth(runs[0]!.length);
  const lasts = runs.map((values) => meanOf(values.slice(-count)));
  return {
    arm,
    raw: acrossRuns(runs, 0.5),
    smooth: acrossRuns(smoothed, 0.5),
    band: runs.length > 1 ? { low: acrossRuns(smoothed, 0.25), high: acrossRuns(smoothed, 0.75) } : null,
    first: meanOf(runs.map((values) => meanOf(values.slice(0, count)))),
    last: meanOf(lasts),
    lasts,
  };
}

/** A line that has both ends. */
export type CompleteLine = Line & { first: number; last: number };

/** The lines of a curve that have both ends; none without such a curve. */
export const completeLines = (curves: readonly Curve[], id: string): CompleteLine[] =>
  (curves.find((curve) => curve.id === id)?.lines ?? []).filter(
    (line): line is CompleteLine => line.first !== null && line.last !== null,
  );
