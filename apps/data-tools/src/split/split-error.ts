/** Records cannot be split as asked. */
export class SplitError extends Error {
  override readonly name = "SplitError";
  readonly code = "SPLIT_EMPTY";
  readonly hint: string;

  constructor(reason: string, hint: string) {
    super(reason);
    this.hint = hint;
  }
}
