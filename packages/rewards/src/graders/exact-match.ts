import type { Grading } from "../options.ts";
import { choiceLetter, choiceLetters } from "./choice-letter.ts";
import { chosenOption } from "./chosen-option.ts";

/**
 * 1 if the two texts are the same, else 0. Case, brackets and full stops count: `C.` is not `C`. Two empty texts are equal
 * under `video-r1` only. With `lenientChoices`, two texts that each choose one letter are compared by it, and so are two
 * that choose several; with `choices`, by the option that each names.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "multiple choice"
 */
export function exactMatch(answer: string, truth: string, { rules, lenientChoices, choices }: Grading): number {
  if (rules === "safe" && truth === "") return 0;
  if (answer === truth) return 1;
  if (choices !== undefined) {
    const gold = chosenOption(truth, choices);
    return gold !== undefined && chosenOption(answer, choices) === gold ? 1 : 0;
  }
  if (!lenientChoices) return 0;
  const letter = choiceLetter(truth);
  if (letter !== undefined) return choiceLetter(answer) === letter ? 1 : 0;
  const letters = choiceLetters(truth);
  return letters !== undefined && choiceLetters(answer) === letters ? 1 : 0;
}
