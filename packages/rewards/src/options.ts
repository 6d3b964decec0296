import { isSafe, type Rules, RulesError } from "./rules.ts";

/** The number that a text states, or `undefined` if it states none. Must not throw. */
export type NumberReader = (text: string) => number | undefined;

/** How answers are compared. Every option but `rules` needs the safe rules. */
export type AccuracyOptions =
  | {
      /** Default `"safe"`. */
      rules?: "safe" | undefined;
      /** Multiple choice: read `C.`, `(C)`, `c` and `C. the red ball` as `C`. Default false. */
      lenientChoices?: boolean | undefined;
      /** Numerical and regression: how to read a number; `readExpression` of `@videor1/rewards/expressions` knows more forms. */
      readNumber?: NumberReader | undefined;
    }
  | { rules: "video-r1" };

/** {@link AccuracyOptions} with the defaults filled in. */
export interface Grading {
  rules: Rules;
  lenientChoices: boolean;
  readNumber: NumberReader | undefined;
}

const safe: Grading = { rules: "safe", lenientChoices: false, readNumber: undefined };
const videoR1: Grading = { rules: "video-r1", lenientChoices: false, readNumber: undefined };

/** @throws {RulesError} For unknown rules, and for an option that the original's rules do not have. */
export function gradingOf(options: AccuracyOptions): Grading {
  const { rules = "safe", lenientChoices = false, readNumber } = options as Partial<Grading>;
  const isPlain = !lenientChoices && readNumber === undefined;
  if (isSafe({ rules })) return isPlain ? safe : { rules, lenientChoices, readNumber };
  if (!isPlain) {
    throw new RulesError(rules, "lenientChoices and readNumber need the safe rules");
  }
  return videoR1;
}
