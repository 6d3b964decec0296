/** A verb cannot leave its result under this name, or not the same as before. */
export class RecipeError extends Error {
  override readonly name = "RecipeError";
  readonly code: "RECIPE_OUTPUT" | "RECIPE_INPUTS";
  readonly file: string;
  readonly hint: string;

  constructor(code: RecipeError["code"], file: string, reason: string, hint: string) {
    super(`${file}: ${reason}`);
    this.code = code;
    this.file = file;
    this.hint = hint;
  }
}
