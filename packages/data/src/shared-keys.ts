import { posix } from "node:path";
import { type Example, mediaOf } from "./schema.ts";

/** What two examples share if one leaks into the other: a problem id as a text, or a media file, however its path is written. */
export const sharedKeys = (example: Example): string[] => [
  `id ${String(example.problemId)}`,
  ...mediaOf(example).flatMap(({ path }) => [path].flat().map((file) => `file ${written(file)}`)),
];

/** One way to write a path. */
const written = (path: string): string =>
  posix
    .normalize(path)
    .replace(/(?<=.)\/+$/, "")
    .normalize("NFC");

/** 53 bits of a text: two of a million texts have the same by a chance of 1 in 20,000. */
export function keyHash(text: string): number {
  let [high, low] = [0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 16), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 13), 0x27d4eb2f);
  high ^= low >>> 16;
  return (high >>> 0) * 2 ** 21 + ((low >>> 0) >>> 11);
}
