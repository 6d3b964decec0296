import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ConvertConfig } from "./config.ts";
import { ConvertError } from "./convert-error.ts";

/**
 * Checks that the files of a conversation do not collide.
 *
 * @throws {ConvertError} If the output is there, or is the input, or the media root is no folder.
 */
export function checkPlaces({ from, output, overwrite, mediaRoot }: ConvertConfig): void {
  if (resolve(from) === resolve(output))
    throw new ConvertError(output, "is what is to be converted", "Name another output.");
  if (existsSync(output) && (!overwrite || statSync(output).isDirectory()))
    throw new ConvertError(output, "is there already", "Name another output, or say overwrite=true.");
  if (mediaRoot !== undefined && !(existsSync(mediaRoot) && statSync(mediaRoot).isDirectory()))
    throw new ConvertError(mediaRoot, "is no folder", "mediaRoot is the folder that holds the videos and images.");
}
