// A separate entry point, so that only its importers need zod.
import { z } from "zod";
import { ExpressionsUnavailableError, numberReader } from "./number-reader.ts";
import type { AccuracyOptions } from "./options.ts";
import { type Rules, RulesError } from "./rules.ts";

export { ExpressionsUnavailableError };

/**
 * The options of the safe rules as plain data: their names, defaults and help in every config, command line and request.
 */
export const RewardOptions = z.strictObject({
  lenientChoices: z
    .boolean()
    .default(false)
    .describe("multiple choice: C., (C), c, Option C and C. the red ball are C"),
  choices: z
    .boolean()
    .default(false)
    .describe("multiple choice: an answer may be the text of one of the record's options"),
  markup: z.boolean().default(false).describe("take off what encloses an answer: \\boxed{B}, \\text{B}, $3$, **B**"),
  units: z
    .boolean()
    .default(false)
    .describe("numerical and regression: read 3 chairs, three, 2.5 m and $5; 3 m is not 3 cm"),
  ignoreCase: z.boolean().default(false).describe("multiple choice and OCR: yes is Yes"),
  unicode: z
    .boolean()
    .default(true)
    .describe(
      "compare words of every script, in one form; without it free-form sees a-z and 0-9 alone, as the original",
    ),
  expressions: z
    .boolean()
    .default(false)
    .describe("numerical and regression: read 1/3, 2^10 and 12.5 %; needs the package mathjs"),
});
export type RewardOptions = z.infer<typeof RewardOptions>;

type OptionName = keyof RewardOptions;
const names = Object.keys(RewardOptions.shape) as OptionName[];
const defaults = RewardOptions.parse({});

/** {@link RewardOptions} that change some of others: what is absent, or null, stays as it is. */
export const RewardOptionsChange = z.strictObject(
  Object.fromEntries(names.map((name) => [name, RewardOptions.shape[name].unwrap().nullish()])) as Record<
    OptionName,
    z.ZodOptional<z.ZodNullable<z.ZodBoolean>>
  >,
);
export type RewardOptionsChange = z.infer<typeof RewardOptionsChange>;

/** The options with the changes, and nothing else that `options` holds. */
export function changedOptions(options: RewardOptions, changes: RewardOptionsChange): RewardOptions {
  return RewardOptions.parse(Object.fromEntries(names.map((name) => [name, changes[name] ?? options[name]])));
}

/** The options that are not as by default. */
export function turnedOptions(options: RewardOptionsChange): Partial<RewardOptions> {
  const turned: Partial<RewardOptions> = {};
  for (const name of names) {
    const value = options[name] ?? defaults[name];
    if (value !== defaults[name]) turned[name] = value;
  }
  return turned;
}

/** Why the rules cannot have these options; undefined if they can. */
export function optionsFault(rules: Rules, options: RewardOptionsChange): string | undefined {
  const set = Object.keys(turnedOptions(options));
  if (rules === "safe" || set.length === 0) return undefined;
  return `${set.join(", ")}: the rules ${rules} have no such ${set.length > 1 ? "options" : "option"}, the rules safe do`;
}

/** What a question brings along. */
export interface QuestionOptions {
  /** Its options, as the prompt shows them; read where `choices` is on. */
  options?: readonly string[] | null | undefined;
  /** Its prompt ends in `<think>`. */
  thinkingOpened?: boolean | undefined;
}

/**
 * The `AccuracyOptions` of each question under these rules and options.
 *
 * @throws {RulesError} If the rules do not have such options.
 * @throws {ExpressionsUnavailableError} If `expressions` is on, and mathjs cannot be loaded.
 */
export async function loadAccuracyOptions(
  rules: Rules,
  options: RewardOptions,
): Promise<(question?: QuestionOptions) => AccuracyOptions> {
  const fault = optionsFault(rules, options);
  if (fault !== undefined) throw new RulesError(rules, fault);
  const { choices, expressions, ...switches } = options;
  if (rules === "video-r1") return ({ thinkingOpened } = {}) => ({ rules, thinkingOpened });
  const readNumber = expressions ? await numberReader() : undefined;
  return ({ options: shown, thinkingOpened } = {}) => ({
    ...switches,
    rules,
    readNumber,
    thinkingOpened,
    choices: choices && shown && shown.length > 0 ? shown : undefined,
  });
}
