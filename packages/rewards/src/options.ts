import type { CompletionOptions } from "./extract-answer.ts";
import { isSafe, type Rules, RulesError } from "./rules.ts";

/** The number that a text states, or `undefined` if it states none. Must not throw. */
export type NumberReader = (text: string) => number | undefined;

/** What the safe rules can be asked to accept besides: all off by default but `unicode`, without which other texts are the same. */
export interface SafeOptions {
  /** Multiple choice: read `C.`, `(C)`, `c` and `C. the red ball` as `C`. Default false. */
  lenientChoices?: boolean | undefined;
  /** Numerical and regression: how to read a number; `readExpression` of `@videor1/rewards/expressions` knows more forms. */
  readNumber?: NumberReader | undefined;
  /** Multiple choice: the options as the prompt shows them; an answer or a solution may be an option's text. */
  choices?: readonly string[] | undefined;
  /** Take off the TeX, Markdown or box tokens around an answer or a solution: `\boxed{B}`, `$3$`, `**B**`. Default false. */
  markup?: boolean | undefined;
  /** Numerical and regression: read `3 chairs`, `2.5 m`, `$5`, `about 3`; different units are not the same. Default false. */
  units?: boolean | undefined;
  /** Multiple choice and OCR: case makes no difference, as in `yes` for `Yes`. Default false. */
  ignoreCase?: boolean | undefined;
  /** Compare in NFKC; OCR and free-form: words of every script, by character where it has no spaces. Default true. */
  unicode?: boolean | undefined;
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
  choices: readonly string[] | undefined;
  markup: boolean;
  units: boolean;
  ignoreCase: boolean;
  unicode: boolean;
}

const plain: Omit<Grading, "rules"> = {
  thinkingOpened: false,
  lenientChoices: false,
  readNumber: undefined,
  choices: undefined,
  markup: false,
  units: false,
  ignoreCase: false,
  unicode: false,
};
const safe: Grading = { rules: "safe", ...plain, unicode: true };
const videoR1: Grading = { rules: "video-r1", ...plain };

/** @throws {RulesError} For unknown rules, and for an option that the original's rules do not have. */
export function gradingOf(options: AccuracyOptions): Grading {
  if (namesRulesOnly(options)) return isSafe(options) ? safe : videoR1;
  const { rules = "safe", thinkingOpened = false, readNumber, choices, ...switches } = options as Partial<Grading>;
  const { lenientChoices = false, markup = false, units = false, ignoreCase = false } = switches;
  const { unicode = isSafe({ rules }) } = switches;
  const isPlain = !lenientChoices && !markup && !units && !ignoreCase && !unicode;
  if (rules !== "safe" && (!isPlain || readNumber !== undefined || choices !== undefined)) {
    throw new RulesError(
      rules,
      "lenientChoices and readNumber need the safe rules, and so do choices, markup, units, ignoreCase and unicode",
    );
  }
  return { rules, thinkingOpened, lenientChoices, readNumber, choices, markup, units, ignoreCase, unicode };
}

function namesRulesOnly(options: object): boolean {
  for (const name in options) if (name !== "rules") return false;
  return true;
}
