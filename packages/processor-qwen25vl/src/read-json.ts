import { readFile } from "node:fs/promises";
import { ProcessorFileError } from "./processor-errors.ts";

/** Reads the text of a file; undefined if there is no such file. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const hint = "The path must be a readable file in the folder of a Hugging Face model.";
    throw new ProcessorFileError({ path, problem: "cannot be read", hint }, { cause });
  }
}

/** Reads and parses a JSON file; undefined if there is no such file. */
export async function readJsonIfThere(path: string): Promise<unknown> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = "The file may be cut short: compare its size with the original, or fetch it again.";
    throw new ProcessorFileError({ path, problem: "is not valid JSON", hint }, { cause });
  }
}
