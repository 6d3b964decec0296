import { type Measures, type MetricName, metricNames } from "./metrics.ts";

/** A measure that says nothing new. */
export interface DoubledMetric {
  name: MetricName;
  /** The earlier measure that it equals in every run. */
  same: MetricName;
}

/** The measures that some run has, without those that equal an earlier one in every run; of one or two runs none is left out. */
export function distinctMetrics(runs: readonly Measures[]): { names: MetricName[]; doubled: DoubledMetric[] } {
  const names: MetricName[] = [];
  const doubled: DoubledMetric[] = [];
  for (const name of metricNames) {
    if (runs.every((run) => run[name] === null)) continue;
    const same = runs.length < 3 ? undefined : names.find((earlier) => runs.every((run) => run[earlier] === run[name]));
    if (same) doubled.push({ name, same });
    else names.push(name);
  }
  return { names, doubled };
}
