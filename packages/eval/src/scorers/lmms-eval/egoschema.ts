import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt, letteredOptions } from "../../item.ts";
import { splitWords } from "../python/split.ts";
import type { BenchmarkScorer } from "../scorer.ts";
import { drawn, meanOf, rightOrWrong } from "../shared/reading.ts";
import { paddedReply } from "../shared/video-mmmu-choice.ts";

/**
 * Of all letters in the forms `(A)`, `A ` and `A.` the one whose last mention comes first, else of the options quoted in more
 * than five words likewise; an option drawn by chance if there is none.
 *
 * @see lmms-eval 0.7.3 tasks/egoschema/utils.py `parse_multi_choice_response`
 */
export const egoschema: BenchmarkScorer = {
  read(item, output) {
    const index = chosenIndex(item, paddedReply(output));
    return index === undefined ? drawn : rightOrWrong(letterAt(index) === item.gold, index);
  },
  aggregate: (_, readings) => ({ score: meanOf(readings) }),
};

function chosenIndex({ options, extra }: BenchmarkItem, text: string): number | undefined {
  const forms = [(letter: string) => `(${letter})`, (letter: string) => `${letter} `, (letter: string) => `${letter}.`];
  const named = forms.flatMap((form) => options.map((_, i) => ({ i, position: text.lastIndexOf(form(letterAt(i))) })));
  const found = named.filter(({ position }) => position >= 0);
  if (found.length > 0) return earliest(found);
  if (splitWords(text).length <= 5) return undefined;
  const lower = text.toLowerCase();
  const official = Array.isArray(extra?.option) ? extra.option.map(String) : letteredOptions(options);
  const lines = official.map((line) => strip(line).toLowerCase());
  return earliest(
    lines.map((line, i) => ({ i, position: lower.lastIndexOf(line) })).filter(({ position }) => position >= 0),
  );
}

function earliest(found: readonly { i: number; position: number }[]): number | undefined {
  const first = Math.min(...found.map(({ position }) => position));
  return found.find(({ position }) => position === first)?.i;
}
