import type { BenchmarkItem } from "../../item.ts";
import { splitWords } from "../python/split.ts";
import { officialQuestion, tempcompassTask } from "./tempcompass-question.ts";

/** A rule's rating; undefined if none decides and a judge is to be asked; or the exception of an option without its label. */
export type TempcompassRating = 0 | 1 | undefined | "error:IndexError";

/** The rating that TempCompass' rules give an output, captions apart; its own code, lmms-eval and VLMEvalKit have them alike. */
export function tempcompassRating(item: BenchmarkItem, output: string): TempcompassRating {
  const { question, answer } = officialQuestion(item);
  switch (tempcompassTask(item)) {
    case "yes_no":
      return yesNoRating(answer, output);
    case "caption_matching":
      return captionMatchingRating(question.split("\n").slice(1), answer, output);
    default:
      return multiChoiceRating(answer, output);
  }
}

const score = (isRight: boolean): 0 | 1 => (isRight ? 1 : 0);

const letters = ["A", "B", "C", "D"];

/** @see llyx97/TempCompass@e1b4631 eval_multi-choice.py */
function multiChoiceRating(answer: string, output: string): TempcompassRating {
  if (output === answer) return 1;
  if (letters.includes(output) || /^[ABCD][.)]/.test(output)) return score(output[0] === answer[0]);
  return undefined;
}

/** @see llyx97/TempCompass@e1b4631 eval_yes_no.py */
function yesNoRating(answer: string, output: string): TempcompassRating {
  const lower = output.toLowerCase();
  const said = ["yes", "no"].find((word) => lower.startsWith(word));
  return said === undefined ? undefined : score(said === answer);
}

const labelWords = ["Sentence ", "Option ", "Caption "];

/** @see llyx97/TempCompass@e1b4631 eval_caption_matching.py `eval_rule` */
function captionMatchingRating(lines: readonly string[], answer: string, output: string): TempcompassRating {
  const labels = lines.map((line) => line.split(": ")[0]!);
  const texts = lines.map((line) => line.split(": ")[1]);
  if (texts.includes(undefined)) return "error:IndexError";
  const bare = labels.map((label) => labelWords.reduce((rest, word) => rest.replaceAll(word, ""), label));
  const behindBracket = output.includes(") ") ? output.split(") ")[1] : undefined;
  const withoutStops = output.replaceAll(".", "");
  const chosen =
    [...labels, ...bare].findLast((label) => label === output || label === withoutStops) ??
    texts.findLast((text) => text === output || text === behindBracket) ??
    lines.findLast((line) => line === output);
  if (chosen === undefined) return undefined;
  if (chosen === answer || chosen === answer.split(":")[0]) return 1;
  const [label, text] = answer.split(": ");
  if (text === undefined) return "error:IndexError";
  if (chosen === text) return 1;
  const name = splitWords(label!)[1];
  return name === undefined ? "error:IndexError" : score(chosen === name);
}
