import { mean } from "@videor1/statistics";

/** What POPE reports; a share whose denominator is 0 is null. */
export interface YesNoMetrics {
  /** Over all questions; one without an answer is wrong. */
  accuracy: number;
  /** Of those answered yes, the share that is yes. */
  precision: number | null;
  /** Of those that are yes, the share answered yes. */
  recall: number | null;
  f1: number | null;
  /** Share of answers that are yes, over all questions: a model that says yes to everything has 1. */
  yesRatio: number;
  /** Share of questions whose answer is yes: .5 in POPE, whatever the model says. */
  goldYesRatio: number;
  /** Questions without an answer. */
  unanswered: number;
}

/**
 * Accuracy, precision, recall, F1 and the share of yes, with yes as the positive answer.
 *
 * @param answers - what was read in the outputs; null: nothing.
 * @throws {RangeError} If there is no question, or the lists differ in length.
 */
export function yesNoMetrics(
  golds: readonly ("yes" | "no")[],
  answers: readonly ("yes" | "no" | null)[],
): YesNoMetrics {
  if (golds.length === 0 || golds.length !== answers.length)
    throw new RangeError(`yesNoMetrics: ${golds.length} golds and ${answers.length} answers; as many of both, and any`);
  const count = (answer: "yes" | "no" | null, gold: "yes" | "no") =>
    answers.filter((each, i) => each === answer && golds[i] === gold).length;
  const hits = count("yes", "yes");
  const saidYes = hits + count("yes", "no");
  const areYes = golds.filter((gold) => gold === "yes").length;
  const precision = saidYes === 0 ? null : hits / saidYes;
  const recall = areYes === 0 ? null : hits / areYes;
  const f1 =
    precision === null || recall === null ? null : hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return {
    accuracy: mean(answers.map((answer, i) => (answer === golds[i] ? 1 : 0))),
    precision,
    recall,
    f1,
    yesRatio: saidYes / golds.length,
    goldYesRatio: areYes / golds.length,
    unanswered: answers.filter((answer) => answer === null).length,
  };
}
