import { existsSync } from "node:fs";

/** A file that the command would write is there and is another's. */
export class OutputThereError extends Error {
  override readonly name = "OutputThereError";
  readonly code = "OUTPUT_THERE";
  readonly hint = "Name another output, or set overwrite=true.";

  constructor(path: string, reason: string) {
    super(`${path} ${reason}`);
  }
}

/** @throws {OutputThereError} If one of the files is there, unless it may be overwritten. */
export function refuseOutputs(paths: readonly string[], overwrite: boolean): void {
  const there = paths.find((path) => existsSync(path));
  if (there !== undefined && !overwrite) throw new OutputThereError(there, "is there already");
}
