/** A measure of a model or a run. */
export interface MetricInfo {
  title: string;
  /** For use in a sentence: "sampled trap accuracy is higher". */
  name: string;
  about: string;
  unit: "share" | "tokens" | "seconds";
  /** Which values are better; missing where neither are. */
  better?: "higher" | "lower";
}

/** The measures of models of the miniature. */
export const metrics = {
  trap: {
    title: "Trap accuracy, sampled",
    name: "sampled trap accuracy",
    about: "Held-back questions of direction and order, where the border tells nothing; answers at temperature 1.",
    unit: "share",
    better: "higher",
  },
  greedyTrap: {
    title: "Trap accuracy, greedy",
    name: "greedy trap accuracy",
    about: "The same questions, greedy answers.",
    unit: "share",
    better: "higher",
  },
  temporal: {
    title: "Temporal tasks, greedy",
    name: "accuracy on the temporal tasks",
    about: "Mean score of all questions of tasks whose answer depends on the order of the frames.",
    unit: "share",
    better: "higher",
  },
  other: {
    title: "Other tasks, greedy",
    name: "accuracy on the other tasks",
    about:
      "Mean score of all questions of the other tasks. Read, where it is asked, is among them, though its letters come one after the other on videos.",
    unit: "share",
    better: "higher",
  },
  shortcut: {
    title: "Shortcut rate, sampled",
    name: "the shortcut rate",
    about: "Share of the sampled answers to trap questions whose reasoning names the border.",
    unit: "share",
    better: "lower",
  },
  orderGap: {
    title: "Order gap, sampled",
    name: "the order gap",
    about: "Temporal tasks: mean score with the frames in order minus the same questions with the frames shuffled.",
    unit: "share",
    better: "higher",
  },
  length: {
    title: "Completion length, sampled",
    name: "the completion length",
    about: "Mean tokens of an answer to any held-back question, end token included.",
    unit: "tokens",
  },
} as const satisfies Record<string, MetricInfo>;

/** The metric that arms are judged by. */
export const mainMetric = "trap" satisfies keyof typeof metrics;

/** null: not measured for this model. */
export type Measures = Record<keyof typeof metrics, number | null>;
