import type { CorrectOptions, ScoreOptions } from "@videor1/tgrpo";
import { inWords } from "./format.ts";

/** The threshold of a right answer in words: "from an accuracy of 0.5", "above an accuracy of 0.1". */
export const whenRight = ({ correctThreshold, correctStrict }: CorrectOptions): string =>
  `${correctStrict ? "above" : "from"} an accuracy of ${correctThreshold}`;

/** The meaning of p in words, without an article. */
export const meaningOfP = ({ temporal }: ScoreOptions): string =>
  temporal.kind === "tgrpo" && temporal.statistic === "mean"
    ? "mean accuracy of the answers"
    : "share of right answers";

/** The words that hold for all arms, or those of each arm with its name. */
export function overArms(
  arms: readonly { name: string; scoring: ScoreOptions }[],
  words: (scoring: ScoreOptions) => string,
): string {
  const texts = arms.map(({ scoring }) => words(scoring));
  const [first] = texts;
  return texts.every((text) => text === first)
    ? first!
    : inWords(arms.map(({ name }, arm) => `${texts[arm]} (${name})`));
}
