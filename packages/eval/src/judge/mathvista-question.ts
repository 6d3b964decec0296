import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letteredOptions } from "../item.ts";
import { readAnswer } from "../scorers/official/mathvista.ts";
import type { JudgeQuestion } from "./judge.ts";

const instruction =
  "Below are a question and a model's response to it. Copy the final answer out of the response and write nothing else: the letter of a choice in brackets, a number in digits without its unit, or a list as [1, 2, 3]. If the response gives no answer, write nothing. Do not answer the question yourself.";

/**
 * MathVista's judge in words of our own: it extracts the answer, which the official rules then compare. Where it extracts
 * nothing the answer is wrong, not the nearest option.
 */
export function mathvistaQuestion(item: BenchmarkItem, output: string): JudgeQuestion {
  const { question, options } = item;
  const shown = [question, ...letteredOptions(options)].join("\n");
  return {
    prompt: "mathvista-1",
    messages: [
      { role: "system", content: instruction },
      { role: "user", content: `Question: ${shown}\n\nResponse: ${output}\n\nFinal answer:` },
    ],
    read: (reply) => {
      const extracted = strip(reply);
      return extracted === ""
        ? { score: 0, extracted: null }
        : { score: readAnswer(item, extracted).score ?? 0, extracted };
    },
  };
}
