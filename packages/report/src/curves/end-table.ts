import { type Sample, sampleOf } from "@videor1/statistics";
import type { Arm } from "../read/study.ts";
import type { Curve } from "./curve.ts";

/** The end of a curve: the mean of the last tenth of the steps of every run. */
export interface EndRow {
  title: string;
  unit: Curve["unit"];
  /** End of each arm, over its runs; null if the arm has no value. */
  ends: (Sample | null)[];
  /** Each further arm minus the first, over the seeds that both have; null without such a seed. */
  differences: (Sample | null)[];
}

/** The ends of all RL curves, arm beside arm. */
export function endTable(curves: readonly Curve[], arms: readonly Arm[]): EndRow[] {
  return curves
    .filter(({ stage }) => stage === "RL")
    .map(({ title, unit, lines }) => {
      const bySeed = arms.map(({ runs }, arm) => {
        const { lasts = [] } = lines.find((line) => line.arm === arm) ?? {};
        return new Map(runs.flatMap(({ seed }, i) => (lasts[i] == null ? [] : [[seed, lasts[i]] as const])));
      });
      const [first, ...others] = bySeed;
      return {
        title,
        unit,
        ends: bySeed.map((ends) => sampleOf([...ends.values()])),
        differences: others.map((ends) =>
          sampleOf([...ends].flatMap(([seed, end]) => (first!.has(seed) ? [end - first!.get(seed)!] : []))),
        ),
      };
    });
}
