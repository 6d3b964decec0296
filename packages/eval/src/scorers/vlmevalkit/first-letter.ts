import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt } from "../../item.ts";
import { stripCharacters } from "../python/strip.ts";
import { answerPrefixes } from "../shared/answer-prefixes.ts";
import { inferChoice } from "./can-infer.ts";

/**
 * The first of the letters in a reply without its prefixes; if there is none, what `inferChoice` finds with the options that
 * the question's own lines list, and "Z" at last.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/videomme.py and longvideobench.py
 */
export function firstLetter(item: BenchmarkItem, reply: string, letters: RegExp): string {
  const rest = answerPrefixes.reduce((text, prefix) => text.replaceAll(prefix, ""), strip(reply));
  return letters.exec(rest)?.[0] ?? inferChoice(reply, listedOptions(item)) ?? "Z";
}

/** Options that stand in the lines of the question; in these data sets they hardly ever do. */
function listedOptions({ extra, question }: BenchmarkItem): string[] {
  const [, ...lines] = String(extra?.question ?? question).split("\n");
  return lines.flatMap((line, i) => {
    const start = line.indexOf(`${letterAt(i)}.`);
    return start < 0 ? [] : [stripCharacters(line.slice(start + 2), ". \n")];
  });
}
