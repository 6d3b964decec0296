import type { ProblemType } from "@videor1/rewards";
import { z } from "zod";
import { parseShape, wrongShape } from "./dialects/dialect.ts";
import { itemId } from "./dialects/item-id.ts";
import { parseJson } from "./request-body.ts";
import { RequestError } from "./request-error.ts";
import { type Score, scoreItem } from "./score-item.ts";
import type { Scoring } from "./scoring.ts";
import { type Line, splitLines } from "./split-lines.ts";

/** A line's record; further fields are ignored. Video-R1's files spell the type `problem_type`. */
const recordSchema = z.object({
  id: itemId,
  completion: z.string(),
  solution: z.string(),
  problemType: z.string().nullish(),
  problem_type: z.string().nullish(),
  options: z.array(z.string()).nullish(),
  thinkingOpened: z.boolean().nullish(),
});

const hint =
  'A line is { "completion": text, "solution": text, "problemType" or "problem_type": text, "options": [text], "id": any text or number }.';

export interface ScoreLinesOptions extends Scoring {
  /** Type of the records that name none. */
  problemType?: ProblemType | undefined;
  maxLineBytes: number;
}

/** Progress and sums of a run. */
export interface Tally {
  /** Lines read, blank ones left out. */
  lines: number;
  /** Lines that hold no item, and items that could not be scored. */
  bad: number;
  failed: number;
  accuracySum: number;
  formatSum: number;
}

export const emptyTally = (): Tally => ({ lines: 0, bad: 0, failed: 0, accuracySum: 0, formatSum: 0 });

/**
 * Scores JSON lines: yields text for each chunk read, one line for each line that is not blank, in the same order.
 * A line that is no item becomes `{ "line": number, "error": { code, message, hint } }`. Counts in `tally`.
 */
export async function* scoreLines(
  chunks: AsyncIterable<Uint8Array>,
  options: ScoreLinesOptions,
  tally: Tally,
): AsyncGenerator<string> {
  for await (const lines of splitLines(chunks, options.maxLineBytes)) {
    let text = "";
    for (const line of lines) {
      if (line.bytes?.every((byte) => byte === 32 || byte === 9 || byte === 13)) continue;
      text += `${JSON.stringify(outcomeOf(line, options, tally))}\n`;
    }
    if (text !== "") yield text;
  }
}

function outcomeOf(line: Line, options: ScoreLinesOptions, tally: Tally): object {
  tally.lines++;
  try {
    const { id, score } = scoreLine(line, options);
    tally.accuracySum += score.accuracy;
    tally.formatSum += score.format;
    if (score.rule === null) tally.failed++;
    const { milliseconds: _, ...rest } = score;
    return { line: line.number, id, ...rest };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    tally.bad++;
    return { line: line.number, ...error.toJSON() };
  }
}

function scoreLine({ bytes }: Line, options: ScoreLinesOptions): { id: string | number | undefined; score: Score } {
  if (bytes === undefined) {
    const { maxLineBytes } = options;
    const advice = "Allow longer lines with --max-line-bytes.";
    throw new RequestError(413, "too-large", `The line has more than ${maxLineBytes} bytes.`, advice, { maxLineBytes });
  }
  const {
    id,
    completion,
    solution,
    options: shown,
    thinkingOpened,
    ...record
  } = parseShape(recordSchema, parseJson(bytes, "The line"), hint);
  const problemType = record.problemType ?? record.problem_type ?? options.problemType;
  if (problemType === undefined) throw wrongShape("problemType", "is missing", `${hint} Or use --problem-type.`);
  const item = { completion, solution, problemType, options: shown, thinkingOpened: thinkingOpened ?? undefined };
  return { id: id ?? undefined, score: scoreItem(item, options) };
}
