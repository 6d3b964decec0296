/**
 * The rules that score a text.
 * - `"video-r1"`: the original's, bit for bit, its holes included.
 * - `"safe"`: the same with the holes closed; the README lists every departure.
 */
export type Rules = "video-r1" | "safe";

export interface RulesOption {
  /** Default `"safe"`. */
  rules?: Rules | undefined;
}

/** The options of a reward name rules that do not exist, or ask the original's rules for what they lack. */
export class RulesError extends Error {
  override readonly name = "RulesError";
  readonly code = "UNKNOWN_RULES";
  readonly rules: unknown;
  readonly hint =
    'Pass rules: "safe" (the default), or rules: "video-r1" for the original\'s rewards and nothing else.';

  constructor(rules: unknown, problem: string) {
    super(`Reward rules ${JSON.stringify(rules)}: ${problem}`);
    this.rules = rules;
  }
}

/**
 * Whether the options choose the safe rules.
 *
 * @throws {RulesError} If `rules` is neither of the two: a mistyped name must not change a reward in silence.
 */
export function isSafe({ rules = "safe" }: RulesOption): boolean {
  if (rules !== "safe" && rules !== "video-r1") throw new RulesError(rules, "there are none of that name");
  return rules === "safe";
}
