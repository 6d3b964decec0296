/** A composition that these records cannot have. */
export class CompositionError extends Error {
  override readonly name = "CompositionError";
  readonly code: "COMPOSITION_SHORT" | "COMPOSITION_IMPOSSIBLE";
  readonly hint: string;

  constructor(code: CompositionError["code"], reason: string, hint: string) {
    super(reason);
    this.code = code;
    this.hint = hint;
  }
}
