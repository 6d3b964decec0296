import type { AccuracyOptions, Rules } from "@videor1/rewards";
import {
  changedOptions,
  loadAccuracyOptions,
  type QuestionOptions,
  RewardOptions,
  type RewardOptionsChange,
} from "@videor1/rewards/options";
import type { ScoringOptions } from "./options.ts";

/** How items are scored. */
export interface Scoring {
  rules: Rules;
  /** What the rewards are to accept in an answer to a question. */
  optionsOf(question: QuestionOptions): AccuracyOptions;
  /** The prompts end in `<think>`, so that completions begin inside the thinking. */
  thinkingOpened: boolean;
  accuracyWeight: number;
  formatWeight: number;
  /** Largest `alignmentWork` of an OCR or free-form item. */
  maxItemWork: number;
}

/** What a request asks for by itself. */
export interface OwnScoring {
  rules?: Rules;
  rewardOptions?: RewardOptionsChange;
}

/**
 * The scoring by the server's options and a request's own. Under `video-r1` the server's options of the safe rules do not
 * count.
 *
 * @throws {RulesError} If the server's rules, or the request, are `video-r1` with options of the safe rules.
 * @throws {ExpressionsUnavailableError} If expressions are on, and mathjs is not installed.
 */
export async function loadScoring(options: ScoringOptions, own: OwnScoring = {}): Promise<Scoring> {
  const { thinkingOpened, accuracyWeight, formatWeight, maxItemWork } = options;
  const { rules = options.rules, rewardOptions = {} } = own;
  const base = rules === options.rules || rules === "safe" ? options : RewardOptions.parse({});
  const optionsOf = await loadAccuracyOptions(rules, changedOptions(base, rewardOptions));
  return { rules, optionsOf, thinkingOpened, accuracyWeight, formatWeight, maxItemWork };
}
