/** A recorded step that cannot be recomputed, because of the record, the model or the media. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
  readonly code = "REPLAY_IMPOSSIBLE";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
