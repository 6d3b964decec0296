import type { BenchmarkItem } from "../item.ts";
import { answerText } from "../scorers/said-text.ts";
import type { FindItem, JudgeQuestion } from "./judge.ts";
import { mathvistaQuestion } from "./mathvista-question.ts";
import { mmvuQuestion } from "./mmvu-question.ts";
import { tempcompassQuestion } from "./tempcompass-question.ts";

/**
 * What to ask a judge about an output: of MMVU the whole output, as its own code does, of TempCompass and MathVista the
 * answer without the thinking. Undefined where the benchmark has no judge.
 */
export function judgeQuestion(item: BenchmarkItem, output: string, find: FindItem): JudgeQuestion | undefined {
  switch (item.benchmark) {
    case "mmvu":
      return mmvuQuestion(item, output);
    case "tempcompass":
      return tempcompassQuestion(item, answerText(output.replaceAll("</s>", "")), find);
    case "mathvista":
      return mathvistaQuestion(item, answerText(output));
    default:
      return undefined;
  }
}
