import type { Grading } from "../options.ts";
import { parseFiniteNumber } from "./parse-number.ts";

/** The finite number that a text states under the safe rules, by the caller's reader if there is one. */
export function readFinite(text: string, { readNumber = parseFiniteNumber }: Grading): number | undefined {
  const number = readNumber(text);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}
