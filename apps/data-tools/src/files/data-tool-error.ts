/** A mistake or a failure that a user can do something about, in a verb that takes files from elsewhere. */
export class DataToolError extends Error {
  override readonly name = "DataToolError";
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Whether an error is that of a disk that takes no more, which every later file would meet too. */
export function isDiskError(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EROFS"].includes((error as NodeJS.ErrnoException | undefined)?.code ?? "");
}
