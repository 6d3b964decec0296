import { z } from "zod";
import { letterAt } from "../../item.ts";
import { indexOfLetter } from "../../options.ts";
import { noOption, recordReader } from "../../record-reader.ts";
import type { TempcompassFacts } from "./files.ts";

const Record = z
  .object({
    question: z.string().min(1),
    answer: z.string().min(1).nullish(),
    /** Of captioning in the data set's table, in the place of the answer. */
    mc_answer: z.string().min(1).nullish(),
  })
  .transform(({ question, answer, mc_answer }) => ({ question, answer: answer ?? mc_answer ?? "" }));

const aspects = ["action", "direction", "speed", "order", "attribute_change"];

/** `B. dunking`, also with a space before and none after the letter, as three published questions have it. */
const lettered = /^\s*[A-Z]\.\s*/;
/** `Caption A: …`, `Sentence B: …`, `Option 2: …`. */
const labelled = /^\s*(?:Caption|Sentence|Option) \w+: */;

/** The lines before the options, and the options, which are the last lines. */
function splitOptions(question: string, mark: RegExp): { text: string; lines: string[] } {
  const lines = question.split("\n");
  const first = lines.findIndex((line) => mark.test(line));
  return first < 0
    ? { text: question, lines: [] }
    : { text: lines.slice(0, first).join("\n"), lines: lines.slice(first) };
}

/** One question of one of the four tasks. Its official text, options included, stays in `extra.question`. */
export const readTempcompassRecord = recordReader(Record, ({ question, answer }, given) => {
  const { task, video_id, aspect, number, fine_aspect } = given as unknown as TempcompassFacts;
  if (answer === "") return { field: "answer", message: "is missing" };
  if (!aspects.includes(aspect)) return { field: "dim", message: `"${aspect}" is none of ${aspects.join(", ")}` };
  const same = {
    id: `${task}/${video_id}/${aspect}/${number}`,
    groups: { task, aspect, ...(fine_aspect !== undefined && { fineAspect: fine_aspect }) },
    media: [{ kind: "video" as const, path: `videos/${video_id}.mp4` }],
  };
  if (task === "captioning")
    return { ...same, question, options: [], answerType: "caption", problemType: "free-form", gold: answer };
  if (task === "yes_no") {
    const options = ["yes", "no"];
    if (!options.includes(answer)) return noOption("answer", answer, options);
    return { ...same, question, options, answerType: "yes-no", problemType: "multiple choice", gold: answer };
  }
  const mark = task === "multi-choice" ? lettered : labelled;
  const { text, lines } = splitOptions(question, mark);
  const options = lines.map((line) => line.replace(mark, "").trim());
  const right = task === "multi-choice" ? indexOfLetter(answer.trim().charAt(0), options) : lines.indexOf(answer);
  if (right < 0 || options.length < 2) return noOption("answer", answer, options);
  const gold = letterAt(right);
  return { ...same, question: text, options, answerType: "choice", problemType: "multiple choice", gold };
});
