import { assistantText } from "@videor1/data";
import { type AccuracyOptions, accuracyReward, extractAnswer, extractThinking } from "@videor1/rewards";
import type { DataRecord } from "../data-record.ts";

/** What an annotated record says. */
export interface Thought {
  /** The whole completion; of a record without `output` its `process` and then its `answer`, or its solution. */
  completion: string;
  /** The text of the first think tags; "" if there is none. */
  thinking: string;
  /** What stands in the answer tags; "" if nothing does. */
  answer: string;
  /** Accuracy of the answer by the rules; a record without `output` and `answer` has its own `reward`, or none. */
  reward: number | undefined;
  /** Its server said that the completion was cut off. */
  isCutOff: boolean;
}

/** Reads the fields that `annotate` and the original's annotation write; those of training records too. */
export function readThought({ fields, example }: Pick<DataRecord, "fields" | "example">, options: AccuracyOptions) {
  const { output, answer, reward } = fields;
  const { solution, problemType, process = "" } = example;
  const said =
    typeof output === "string"
      ? output
      : typeof answer === "string"
        ? `${process}\n<answer>${answer}</answer>`
        : undefined;
  const completion = said ?? assistantText(example);
  const own = typeof reward === "number" ? reward : undefined;
  const thought: Thought = {
    completion,
    thinking: extractThinking(typeof output === "string" ? output : process),
    answer: extractAnswer(completion, options),
    reward: said === undefined ? own : accuracyReward(said, solution, problemType, options),
    isCutOff: fields.finish_reason === "length",
  };
  return thought;
}
