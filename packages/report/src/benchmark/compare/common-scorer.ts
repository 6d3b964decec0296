import { RunFileError } from "@videor1/runs";
import type { Evaluated } from "../evaluated.ts";

/**
 * The scorer that two evaluations are compared by: the wanted one, or the main one of the first.
 *
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if one of them was not read by it.
 */
export function commonScorer(before: Evaluated, after: Evaluated, wanted?: string): string {
  const scorer = wanted ?? before.evaluation.mainScorer;
  const namesOf = ({ evaluation: { scorers, mainScorer } }: Evaluated) =>
    new Set([mainScorer, ...Object.keys(scorers)]);
  const lacking = [before, after].find((summary) => !namesOf(summary).has(scorer));
  if (lacking === undefined) return scorer;
  const common = [...namesOf(before)].filter((name) => namesOf(after).has(name));
  throw new RunFileError("RUN_FILES_DISAGREE", {
    path: `${lacking.name}.json`,
    reason: `was not scored by ${scorer}`,
    hint:
      common.length > 0
        ? `Compare by a scorer that both have: --scorer=${common.join(" or --scorer=")}.`
        : "Score both outputs by the same scorers: npm run bench -- score.",
  });
}
