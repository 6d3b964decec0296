/** A run of several processes that its config does not go with. */
export class RanksError extends Error {
  override readonly name = "RanksError";
  readonly code = "RANKS_REFUSED";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
