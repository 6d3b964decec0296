import { existsSync } from "node:fs";
import { ProcessorFileError } from "./processor-errors.ts";

/** @throws {ProcessorFileError} If there is no such folder. */
export function checkFolder(folder: string): void {
  if (existsSync(folder)) return;
  const hint = "Give the folder of a Hugging Face checkpoint on this machine.";
  throw new ProcessorFileError({ path: folder, problem: "no such folder", hint });
}
