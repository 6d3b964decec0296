export type LaunchErrorCode = "LAUNCH_INCOMPLETE" | "LAUNCH_IMPOSSIBLE" | "LAUNCH_PER_NODE";

/** The variables of a launcher do not give a process its place. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly code: LaunchErrorCode;
  readonly hint: string;

  constructor(code: LaunchErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
