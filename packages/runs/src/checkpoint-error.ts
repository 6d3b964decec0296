export type CheckpointErrorCode =
  | "CHECKPOINT_WRITE" // the disk refused
  | "CHECKPOINT_MISSING" // there is none to resume from
  | "CHECKPOINT_INCOMPLETE" // files are missing, cut or unreadable
  | "RUN_LOCKED"; // another process works in the folder

/** A checkpoint that cannot be written or read, or a folder in use. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  readonly code: CheckpointErrorCode;
  readonly path: string;
  readonly hint: string;

  constructor(
    code: CheckpointErrorCode,
    { path, what, hint }: { path: string; what: string; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${path}: ${what}`, options);
    this.code = code;
    this.path = path;
    this.hint = hint;
  }
}

/** The hint for a file system error, by its code. */
export function diskHint(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return "The disk is full: free space, keep fewer checkpoints, or choose another output folder";
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return "The folder is not writable: choose another output folder or change its permissions";
    case "EEXIST":
    case "ENOTDIR":
      return "A file stands where a folder must be: choose another output folder";
    default:
      return "Check that the output folder exists, is writable and has room";
  }
}
