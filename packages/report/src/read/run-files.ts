import { RunFileError } from "@videor1/runs";

/** Awaits `reading`; its failure becomes a `RUN_FILE_MISSING` that names `path`. */
export async function orMissing<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "no such file" : String(cause);
    const hint = "The report needs a finished run; start it again with the same arguments and it goes on from there.";
    throw new RunFileError("RUN_FILE_MISSING", { path, reason, hint }, { cause });
  }
}

/** The lines of a file. @throws {RunFileError} `RUN_FILE_BROKEN` if there is none. */
export function someLines<Line>(path: string, lines: readonly Line[]): readonly Line[] {
  if (lines.length > 0) return lines;
  const hint = "The report needs a finished run; start it again with the same arguments and it goes on from there.";
  throw new RunFileError("RUN_FILE_BROKEN", { path, line: 1, reason: "the file has no line", hint });
}
