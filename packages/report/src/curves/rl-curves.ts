import { groupBy, meanOf } from "@videor1/statistics";
import { type MetricName, metricDescriptions } from "@videor1/tgrpo";
import type { NotedCurve } from "../notes.ts";
import type { RlRun } from "../read/read-run.ts";
import type { Rollouts } from "../read/run-schema.ts";
import type { Unit } from "../shared/units.ts";
import type { Curve, Series } from "./curve.ts";

/** A curve over the steps of RL, and the source of its values. */
export interface RlCurve extends Pick<Curve, "id" | "title" | "about" | "unit"> {
  series(run: RlRun): Series;
}

const metric =
  (key: CurveMetric) =>
  ({ steps }: RlRun): Series =>
    steps.map((line) => line[key] ?? null);

/** Metrics whose unit a curve can have. */
type CurveMetric = {
  [Name in MetricName]: (typeof metricDescriptions)[Name]["unit"] extends Unit ? Name : never;
}[MetricName];

/** The curve of a metric, in the metric's own words. */
function metricCurve(id: Curve["id"], name: CurveMetric): RlCurve {
  const { title, unit, about } = metricDescriptions[name];
  return { id, title, unit, about, series: metric(name) };
}

const noValues = ({ steps }: RlRun): Series => steps.map(() => null);

const isMismatched = (step: RlRun["steps"][number]): boolean =>
  (step["sampling/samplingLogpDifference/mean"] ?? 0) > roundingNats;
const roundingNats = 1e-5;

const overGroups =
  (value: NotedCurve["value"]) =>
  ({ steps, rollouts }: RlRun): Series => {
    const byStep = groupBy(rollouts, ({ step }) => step);
    return steps.map(({ step }) => value(byStep.get(step) ?? []));
  };

const meanP = (groups: readonly Rollouts[]): number | null =>
  meanOf(groups.flatMap(({ dataType, p }) => (dataType === "video" ? [p] : [])));

/**
 * All curves of RL runs.
 *
 * @param p - the meaning of p, see `meaningOfP`.
 */
export const rlCurves = (p: string, noted: readonly NotedCurve[]): readonly RlCurve[] => [
  metricCurve("accuracy", "reward/accuracy"),
  {
    ...metricCurve("temporal", "reward/temporal"),
    /** Left out without T-GRPO, where the metric is always 0.5. */
    series: (run) => (run.scoring.temporal.kind === "tgrpo" ? metric("reward/temporal")(run) : noValues(run)),
  },
  metricCurve("length", "completionLength"),
  {
    id: "p",
    title: "p",
    unit: "share",
    about: `${p.charAt(0).toUpperCase()}${p.slice(1)} to video questions, frames in order.`,
    series: overGroups(meanP),
  },
  metricCurve("pShuffled", "temporal/pShuffled"),
  metricCurve("gap", "temporal/gap"),
  metricCurve("contrast", "contrast/delta"),
  ...noted.map(({ value, ...curve }) => ({ ...curve, series: overGroups(value) })),
  metricCurve("format", "reward/format"),
  metricCurve("noSignal", "group/noSignal"),
  metricCurve("kl", "kl"),
  metricCurve("entropy", "entropy"),
  {
    ...metricCurve("mismatch", "sampling/samplingLogpDifference/mean"),
    /** Left out where the policy itself samples, and all there is is rounding. */
    series: (run) =>
      run.steps.some(isMismatched) ? metric("sampling/samplingLogpDifference/mean")(run) : noValues(run),
  },
];
