import { existsSync, statSync } from "node:fs";
import { sep } from "node:path";
import { placeOf } from "../files/output-there.ts";
import type { ConvertConfig } from "./config.ts";
import { ConvertError } from "./convert-error.ts";

/**
 * Checks that the files of a conversation do not collide.
 *
 * @throws {ConvertError} If the output is there, or is the input, or the media root is no folder.
 */
export function checkPlaces({ from, output, benchmark, overwrite, mediaRoot }: ConvertConfig): void {
  const written = [output, `${output}.rejected.jsonl`];
  const taken = written.find((path) => placeOf(path) === placeOf(from));
  if (taken !== undefined) throw new ConvertError(taken, "is what is to be converted", "Name another output.");
  if (benchmark === undefined && placeOf(output).startsWith(`${placeOf(from)}${sep}`))
    throw new ConvertError(output, "is in the folder that is to be converted", "Name an output elsewhere.");
  if (existsSync(output) && (!overwrite || statSync(output).isDirectory()))
    throw new ConvertError(output, "is there already", "Name another output, or say overwrite=true.");
  if (mediaRoot !== undefined && !(existsSync(mediaRoot) && statSync(mediaRoot).isDirectory()))
    throw new ConvertError(mediaRoot, "is no folder", "mediaRoot is the folder that holds the videos and images.");
}
