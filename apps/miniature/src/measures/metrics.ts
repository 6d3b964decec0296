/** What is measured of a run. */
export interface MetricInfo {
  title: string;
  /** Of a sentence: "sampled trap accuracy is higher". */
  name: string;
  about: string;
  unit: "share" | "tokens" | "seconds";
}

export const metrics = {
  trap: {
    title: "Trap accuracy, sampled",
    name: "sampled trap accuracy",
    about: "Held-back questions of direction and order, where the border tells nothing; answers at temperature 1.",
    unit: "share",
  },
  greedyTrap: {
    title: "Trap accuracy, greedy",
    name: "greedy trap accuracy",
    about: "The same questions, greedy answers.",
    unit: "share",
  },
  temporal: {
    title: "Temporal tasks, greedy",
    name: "accuracy on the temporal tasks",
    about: "Mean score of all questions of tasks whose answer depends on the order of the frames.",
    unit: "share",
  },
  other: {
    title: "Other tasks, greedy",
    name: "accuracy on the other tasks",
    about: "Mean score of all questions of the other tasks.",
    unit: "share",
  },
  shortcut: {
    title: "Shortcut rate, sampled",
    name: "the shortcut rate",
    about: "Share of the sampled answers to trap questions whose reasoning names the border.",
    unit: "share",
  },
  orderGap: {
    title: "Order gap, sampled",
    name: "the order gap",
    about: "Temporal tasks: mean score with the frames in order minus the same questions with the frames shuffled.",
    unit: "share",
  },
  length: {
    title: "Completion length, sampled",
    name: "the completion length",
    about: "Mean tokens of an answer to any held-back question, end token included.",
    unit: "tokens",
  },
  rlCpuSeconds: {
    title: "CPU time of RL",
    name: "the CPU time of RL",
    about:
      "Seconds of all threads of the RL stage, its start included; only of runs made in one go. It grows on a busy machine.",
    unit: "seconds",
  },
} as const satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as MetricName[];

/** null: not measured in this run. */
export type Measures = Record<MetricName, number | null>;
