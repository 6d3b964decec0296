/** A reward function that cannot be used: an error of the run, not of one answer. */
export class RewardFunctionError extends Error {
  override readonly name = "RewardFunctionError";
  readonly code:
    | "REWARD_NOT_FOUND"
    | "REWARD_IMPORT_FAILED"
    | "REWARD_NOT_A_FUNCTION"
    | "REWARD_DIED"
    | "REWARD_CLOSED";
  /** The module, as the config has it. */
  readonly path: string;
  readonly hint: string;

  constructor(code: RewardFunctionError["code"], path: string, problem: string, hint: string) {
    super(`Reward function ${path} ${problem}`);
    this.code = code;
    this.path = path;
    this.hint = hint;
  }
}
