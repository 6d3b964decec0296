import { type ProblemType, truthOf } from "./accuracy.ts";
import { extractAnswer } from "./extract-answer.ts";
import { parseFiniteNumber, parseNumber } from "./graders/parse-number.ts";
import { gradingOf } from "./options.ts";
import { isBlank } from "./python-text.ts";
import { isSafe, type Rules } from "./rules.ts";

/** A label before an option's text: `A. `, `(A)`, `A)`, `A: `; one of several in a row is taken. */
const optionLabel = /^\s*[([]?([A-Z])(?:[.):\]]\s*|$)/;

/** The same where all options have another kind of label, such as `a)` or `1.`. */
const otherLabel = /^\s*[([]?([a-z0-9])(?:[.):\]]\s*|$)/;

/**
 * Why no completion can earn a solution, or why silence earns it, and what to write instead; undefined for a good one. It asks
 * of both rules: a gold has to be one that the strictest reward can give 1 (free-form: more than 0). One is let through that
 * only the safe rules give 1: a regression gold of 0 or next to it, which the original divides by its own epsilon.
 *
 * @param options - A multiple choice question's options as the prompt shows them, with or without letters.
 * @param rules - Under `safe` a free-form gold may be of any script, as the option `unicode` reads it. Default `video-r1`.
 */
export function solutionFault(
  solution: string,
  type: ProblemType,
  options: readonly string[] = [],
  rules: Rules = "video-r1",
): string | undefined {
  const truth = truthOf(solution, gradingOf({}));
  if (isBlank(truth))
    return "holds no answer outside its thinking, so that silence would earn it: write <answer>…</answer>";
  if (!solution.includes("<answer>"))
    return "has no <answer>, without which silence earns it under video-r1: write <answer>…</answer>";
  if (extractAnswer(solution, { rules: "video-r1" }) !== truth) {
    return "holds several answers: write one <answer>…</answer>";
  }
  switch (type) {
    case "multiple choice":
      return choiceFault(truth, options);
    case "numerical":
    case "regression":
      if (parseFiniteNumber(truth) !== undefined && Number.isFinite(parseNumber(truth))) return undefined;
      return `is not a number but ${quoted(truth)}: write digits alone, without unit, percent sign or decimal comma`;
    case "free-form":
      if (isSafe({ rules })) return /[\p{L}\p{N}]/u.test(truth) ? undefined : "has no word";
      return /[a-z0-9]/i.test(truth) ? undefined : "has no word of a-z and 0-9, all that video-r1 reads";
    case "OCR":
      return undefined;
  }
}

function choiceFault(truth: string, options: readonly string[]): string | undefined {
  if (options.length === 0) return undefined;
  const labels = options.map((option, i) => optionLabel.exec(option)?.[1] ?? String.fromCharCode(65 + i));
  const texts = options.map((option) => option.replace(optionLabel, "").trim());
  const isLabelled = options.every((option) => optionLabel.test(option));
  const chosen = labels.indexOf(truth);
  const sameText = isLabelled ? -1 : options.findIndex((option) => option.trim() === truth);
  const others = options.map((option) => otherLabel.exec(option)?.[1]);
  const sameLabel = others.includes(undefined) ? -1 : others.indexOf(truth);
  const gold = [chosen, sameLabel, sameText].find((index) => index >= 0) ?? -1;
  if (gold < 0) return `chooses ${quoted(truth)}, which is none of the options: write one of ${labels.join(", ")}`;
  const twin = texts.findIndex((text, i) => i !== gold && text !== "" && text === texts[gold]);
  if (twin < 0) return undefined;
  return `chooses ${labels[gold]}, but option ${labels[twin]} has the same text: take one of the two out`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
