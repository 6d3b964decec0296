/** The fields of a run's lines that the report shows; `runs` has their schemas. */
import type { GradedPredictionLine, MetricsLine } from "@videor1/runs";
import type { MetricName } from "@videor1/tgrpo";

export type { BenchSummary, LedgerLine as LedgerEntry, RolloutGroupText as Rollouts } from "@videor1/runs";

/** Fields of every line of metrics.jsonl. */
type StepTotals = Pick<MetricsLine, "step" | "trained" | "secondsElapsed">;

/** A step of SFT. `loss` is absent in a step that had nothing to train on but ended with a validation. */
export type SftStep = StepTotals & Partial<Record<"loss" | "validation/loss", number>>;

/**
 * A step of RL: means over its groups. A metric is absent where nothing in the step defines it, such as p - p~ of images, and
 * a metric of validation in a step that does not end with one.
 */
export type RlStep = StepTotals & Partial<Record<MetricName | "validation/accuracy", number>>;

/** A question, the model's answer to it, and the grade. */
export type Prediction = Pick<
  GradedPredictionLine,
  "problemId" | "dataSource" | "problemType" | "status" | "score" | "shuffledScore"
> & {
  /** Absent where the question could not be asked. */
  output?: string | undefined;
};
