/** A file of the run cannot be read: it is absent, a line is broken, or it does not belong to the others. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
  readonly code: "RUN_FILE_MISSING" | "RUN_LINE_BROKEN" | "RUN_FILES_DISAGREE";
  readonly file: string;
  /** 1-based line of the fault, where there is one. */
  readonly line: number | undefined;
  readonly hint: string;

  constructor(
    code: RunFileError["code"],
    { file, line, reason, hint }: { file: string; line?: number; reason: string; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${file}${line === undefined ? "" : `:${line}`}: ${reason}`, options);
    this.code = code;
    this.file = file;
    this.line = line;
    this.hint = hint;
  }
}
