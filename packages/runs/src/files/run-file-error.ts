export type RunFileErrorCode =
  | "RUN_FILE_MISSING" // it is not there, or there is no run
  | "RUN_FILE_BROKEN" // it, or one of its lines, does not hold what a run writes
  | "RUN_FILES_DISAGREE"; // it does not belong to the others

/** A file of a run cannot be read: it is absent, a line is broken, or it does not belong to the others. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
  readonly code: RunFileErrorCode;
  readonly path: string;
  /** 1-based line of the fault, where there is one. */
  readonly line: number | undefined;
  readonly hint: string;

  constructor(
    code: RunFileErrorCode,
    { path, line, reason, hint }: { path: string; line?: number | undefined; reason: string; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${path}${line === undefined ? "" : `:${line}`}: ${reason}`, options);
    this.code = code;
    this.path = path;
    this.line = line;
    this.hint = hint;
  }
}
