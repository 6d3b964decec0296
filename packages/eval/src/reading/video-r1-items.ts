import { type Example, mediaOf } from "@videor1/data";
import { extractAnswer, type ProblemType } from "@videor1/rewards";
import type { BenchmarkName } from "../benchmark-name.ts";
import type { AnswerType, BenchmarkItem } from "../item.ts";
import { withoutLetters } from "../options.ts";

const answerTypes: Record<ProblemType, AnswerType> = {
  "multiple choice": "choice",
  regression: "number",
  numerical: "text", // as the official records of VideoMMMU and MMVU have their numbers
  OCR: "text",
  "free-form": "text",
};

/**
 * A record of Video-R1's own file as an item. It holds what Video-R1's prompt and scorer and the safe scorer read; the official
 * record, which those of other harnesses need, is not in it, and of the groups only the task, if the record names one.
 */
export function videoR1Item(benchmark: BenchmarkName, example: Example): BenchmarkItem {
  const { problemId, problem, problemType, options, solution, originalQuestionType } = example;
  return {
    benchmark,
    id: String(problemId),
    groups: originalQuestionType === undefined ? {} : { task: originalQuestionType },
    question: problem,
    options: problemType === "multiple choice" ? withoutLetters(options) : [],
    answerType: answerTypes[problemType],
    problemType,
    gold: extractAnswer(solution),
    media: mediaOf(example),
  };
}
