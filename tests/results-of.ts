import { isMachineMetric, type MetricsLine } from "@videor1/runs";

/** A line of metrics.jsonl without what a clock said, in which no two runs agree. */
export const resultsOf = (line: MetricsLine): Partial<MetricsLine> =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !isMachineMetric(name)));
