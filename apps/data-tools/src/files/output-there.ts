import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A verb would write over a file that it has not made, or over what it reads. */
export class OutputThereError extends Error {
  override readonly name = "OutputThereError";
  readonly code = "OUTPUT_THERE";
  readonly output: string;
  readonly hint: string;

  constructor(output: string, reason: string, hint: string) {
    super(`${output}: ${reason}`);
    this.output = output;
    this.hint = hint;
  }
}

/** Where a path leads, links followed; the file need not be there yet. */
export function placeOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return folder === resolve(path) ? folder : join(placeOf(folder), basename(path));
}

/**
 * Refuses an output that is one of the inputs, or that is there and was not made by the same command.
 *
 * @param isOwn - Whether an output that is there is that of the same command.
 * @throws {OutputThereError} Otherwise.
 */
export function refuseOtherOutput(
  output: string,
  inputs: readonly string[],
  { overwrite, isOwn }: { overwrite: boolean; isOwn: () => boolean },
): void {
  if (inputs.some((input) => placeOf(input) === placeOf(output)))
    throw new OutputThereError(output, "is read, and would be written over", "Name another output.");
  if (overwrite || !existsSync(output) || isOwn()) return;
  const hint = "Name another output, or write over it: overwrite=true.";
  throw new OutputThereError(output, "is there already", hint);
}
