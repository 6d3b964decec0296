import { basename } from "node:path";
import type { Outcome } from "../verb.ts";
import type { Converted } from "./convert.ts";
import { rejectedCount } from "./tally.ts";

/** Doubles named one by one, at most. */
const mostNamed = 10;

/** What a conversion says: what was read and how, what was written, what was not and why, and what was done unasked. */
export function outcomeOf(
  { tally, format, mapping, says, files, embedded, rejectedFile }: Converted,
  output: string,
): Outcome {
  const { rows, candidates, written, rejected, notes, problemTypes, doubleIds } = tally;
  const left = rejectedCount(tally);
  const doubles = [...doubleIds].map(([id, count]) => `${id} (${count} times)`);
  const lines = [
    `${files.map((file) => basename(file)).join(", ")}: ${format}; ${says}`,
    `${count(rows, "row")}${candidates === rows ? "" : ` with ${count(candidates, "question")}`}: ${count(written, "record")} ${
      written > 0 ? `in ${output}` : "and no output"
    }, ${left} rejected${left > 0 ? `, in ${rejectedFile}` : ""}`,
    ...[...rejected].map(([code, { count, first }]) => `  ${code} ${count}; the first: ${first}`),
    ...(problemTypes.size > 0 ? [`problem types: ${counted(problemTypes)}`] : []),
    ...(notes.size > 0 ? [`done unasked: ${counted(notes)}`] : []),
    ...(doubles.length > 0
      ? [
          `${count(doubles.length, "id")} more than once: ${doubles.slice(0, mostNamed).join(", ")}${doubles.length > mostNamed ? ", …" : ""}`,
        ]
      : []),
    ...(embedded.count > 0
      ? [`${count(embedded.count, "file")} of media in ${embedded.folder}: mediaRoot=${embedded.mediaRoot}`]
      : []),
  ];
  return {
    text: lines.join("\n"),
    result: {
      files,
      format,
      mapping,
      says,
      rows,
      candidates,
      written,
      output: written > 0 ? output : null,
      rejected: left,
      reasons: Object.fromEntries(rejected),
      rejectedFile: left > 0 ? rejectedFile : null,
      problemTypes: Object.fromEntries(problemTypes),
      notes: Object.fromEntries(notes),
      doubleIds: Object.fromEntries(doubleIds),
      embedded: embedded.count > 0 ? embedded : null,
    },
    isFine: written > 0 && !rejected.has("QUOTE"),
  };
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, number]) => `${number} ${name}`).join(", ");
