import { whiteSpace } from "./white-space.ts";

const runs = new RegExp(`${whiteSpace}+`, "u");

/** `str.split()`: the runs of anything but white space. */
export const splitWords = (text: string): string[] => text.split(runs).filter((word) => word !== "");

const lineEnd = "\\r\\n|[\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029]";
const lineEnds = new RegExp(lineEnd);

/** `str.splitlines()`: no line follows the last line's end. */
export function splitLines(text: string): string[] {
  const lines = text.split(lineEnds);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
