import type { CorrectOptions } from "./options.ts";

/** Whether a completion of this accuracy counts as correct: accuracy >= threshold, or > threshold if strict. */
export function isCorrect(accuracy: number, { correctThreshold, correctStrict }: CorrectOptions): boolean {
  return correctStrict ? accuracy > correctThreshold : accuracy >= correctThreshold;
}
