import { letterAt } from "../../item.ts";
import { editDistance } from "./edit-distance.ts";

const bracketed = /\(([a-zA-Z])\)/;

/**
 * The option that an extraction of MathVista names: by the first letter in brackets or a letter alone; else the one of the
 * smallest edit distance, the first of equals, so that some option is always taken.
 */
export function optionNamed(extraction: string, options: readonly string[]): string {
  const name = bracketed.exec(extraction)?.[1]?.toUpperCase() ?? extraction;
  const named = options.find((_, i) => letterAt(i) === name);
  if (named !== undefined) return named;
  const distances = options.map((option) => editDistance(name, option));
  return options[distances.indexOf(Math.min(...distances))]!;
}
