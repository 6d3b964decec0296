import type { CompletionOptions } from "./extract-answer.ts";
import { isSafe, type Rules, RulesError } from "./rules.ts";

/** The number that a text states, or `undefined` if it states none. Must not throw. */
export type NumberReader = (text: string) => number | undefined;

/** What the safe rules can be asked to accept besides; all off by default. */
export interface SafeOptions {
  /** Multiple choice: read `C.`, `(C)`, `c` and `C. the red ball` as `C`. Default false. */
  lenientChoices?: boolean | undefined;
  /** Numerical and regression: how to read a number; `readExpression` of `@videor1/rewards/expressions` knows more forms. */
  readNumber?: NumberReader | undefined;
}

/** How answers are compared. {@link SafeOptions} need the safe rules. */
export type AccuracyOptions = Pick<CompletionOptions, "thinkingOpened"> &
  (({ rules?: "safe" | undefined } & SafeOptions) | { rules: "video-r1" });

/** {@link AccuracyOptions} with the defaults filled in. */
export interface Grading {
  rules: Rules;
  thinkingOpened: boolean;
  lenientChoices: boolean;
  readNumber: NumberReader | undefined;
}

/** @throws {RulesError} For unknown rules, and for an option that the original's rules do not have. */
export function gradingOf(options: AccuracyOptions): Grading {
  const { rules = "safe", thinkingOpened = false, lenientChoices = false, readNumber } = options as Partial<Grading>;
  if (!isSafe({ rules }) && (lenientChoices || readNumber !== undefined)) {
    throw new RulesError(rules, "lenientChoices and readNumber need the safe rules");
  }
  return { rules, thinkingOpened, lenientChoices, readNumber };
}
