import { type MetricInfo, metrics as ofModels } from "@videor1/miniature";

const all = {
  ...ofModels,
  rlCpuSeconds: {
    title: "CPU time of RL",
    name: "the CPU time of RL",
    about:
      "Seconds of all threads of the RL stage, its start included; only of runs made in one go. It grows on a busy machine.",
    unit: "seconds",
    better: "lower",
  },
} as const satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof all;
/** The measures of a run: those of its models, and the cost of its RL. */
export const metrics: Readonly<Record<MetricName, MetricInfo>> = all;
export const metricNames = Object.keys(metrics) as MetricName[];

/** null: not measured in this run. */
export type Measures = Record<MetricName, number | null>;
