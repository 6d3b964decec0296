/** A file or a setting with which nothing can be converted. */
export class ConvertError extends Error {
  override readonly name = "ConvertError";
  readonly code = "CONVERT_IMPOSSIBLE";
  readonly file: string;
  readonly hint: string;

  constructor(file: string, reason: string, hint: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.file = file;
    this.hint = hint;
  }
}
