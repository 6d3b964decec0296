import { z } from "zod";
import type { ProblemId } from "./files/question.ts";

/** Config setting of every training app. */
export const OnNonFinite = z
  .enum(["stop", "skip"])
  .default("stop")
  .describe("A step whose loss or gradient is NaN or infinite: stop the run, or skip the step's update");

/** A run stops after this many steps in a row without an update: the model itself is broken. */
export const mostSkippedInARow = 10;

/** The loss of a step is NaN or infinite. */
export class NonFiniteLossError extends Error {
  override readonly name = "NonFiniteLossError";
  readonly code = "NON_FINITE_LOSS";
  readonly loss: number;

  constructor(loss: number) {
    super(`The loss is ${loss}`);
    this.loss = loss;
  }
}

/** A step was not finite and `onNonFinite` is "stop", or too many in a row were not finite. */
export class NonFiniteStepError extends Error {
  override readonly name = "NonFiniteStepError";
  readonly code = "NON_FINITE_STEP";
  readonly step: number;
  readonly problemIds: readonly ProblemId[];
  readonly hint: string;

  constructor({ step, problemIds, reason, inARow, outputDir }: NonFiniteStep) {
    const row = inARow > 1 ? `; nor were the ${inARow - 1} steps before finite` : "";
    super(`Step ${step}, records ${problemIds.join(", ")} (${outputDir}/ledger.jsonl): ${reason}${row}`);
    this.step = step;
    this.problemIds = problemIds;
    this.hint =
      inARow > 1
        ? "The weights are broken: lower the learning rate and start anew, or from an older checkpoint."
        : "The last checkpoint is intact. Lower the learning rate, look at these records, or set onNonFinite=skip and go on with the same command.";
  }
}

interface NonFiniteStep {
  step: number;
  problemIds: readonly ProblemId[];
  reason: string;
  /** Steps without an update up to this one, itself included. */
  inARow: number;
  outputDir: string;
}

/** The value of a step, or why its numbers are not finite. */
export type StepOutcome<T> = { isFinite: true; value: T } | { isFinite: false; reason: string };

/**
 * The outcome of a step: an error whose code begins with `NON_FINITE_`, thrown here or in a worker before anything is
 * updated, is an outcome; every other error is thrown.
 */
export async function finiteStep<T>(step: () => Promise<T>): Promise<StepOutcome<T>> {
  try {
    return { isFinite: true, value: await step() };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!(error instanceof Error && String(code).startsWith("NON_FINITE_"))) throw error;
    return { isFinite: false, reason: error.message };
  }
}
