import type { BenchmarkItem } from "../item.ts";
import { officialQuestion, tempcompassTask } from "../scorers/shared/tempcompass-question.ts";
import type { FindItem, JudgeQuestion } from "./judge.ts";
import { readCaptionRating, readVerdict } from "./tempcompass-replies.ts";

const system = { role: "system", content: "You are an AI assistant for question answering." } as const;

const captionInstruction = `Below are the description of a video and a question with several choices. Answer the question from the description alone, as one who has not seen the video. If the description does not say enough, or contradicts every choice, answer "None of the choices are correct". Write two lines:
Reasoning: [why, in one sentence]
Answer: [the letter and the text of the choice]`;
const verdictInstruction =
  'Below are a question about a video, its right answer and what a model answered. Write "Correct" if the model\'s answer means the right one, else "Incorrect", and nothing more.';

const titles: Record<string, string> = {
  "multi-choice": "Multi-Choice Question",
  yes_no: "Yes/No Question",
  caption_matching: "Caption Matching Question",
};

/**
 * TempCompass's judge in words of our own; its replies are read as its code reads them. Of a caption it answers the video's
 * first multi-choice question on the same aspect, having read the caption alone.
 *
 * @returns undefined for a caption whose multi-choice question is not among the items.
 * @see llyx97/TempCompass@e1b4631 eval_captioning.py, utils/eval_utils.py
 */
export function tempcompassQuestion(item: BenchmarkItem, output: string, find: FindItem): JudgeQuestion | undefined {
  const task = tempcompassTask(item);
  if (task !== "captioning") {
    const { question, answer } = officialQuestion(item);
    const asked = `${titles[task]}:\n${question}\nGround-Truth Answer: ${answer}\nModel Prediction: ${output}`;
    const content = `${verdictInstruction}\n\n${asked}`;
    return { prompt: "tempcompass-verdict-1", messages: [system, { role: "user", content }], read: verdictOf };
  }
  const choice = find(item.id.replace(/^captioning\//, "multi-choice/").replace(/\d+$/, "0"));
  if (choice === undefined) return undefined;
  const { question, answer } = officialQuestion(choice);
  const content = `${captionInstruction}\n\nVideo Description: ${output}\nMulti-Choice Question:\n${question}`;
  return {
    prompt: "tempcompass-caption-1",
    messages: [system, { role: "user", content }],
    read: (reply) => {
      const { rating, answer: said } = readCaptionRating(reply, answer);
      return rating < 0 ? undefined : { score: rating, extracted: said };
    },
  };
}

function verdictOf(reply: string) {
  const score = readVerdict(reply);
  return score === undefined ? undefined : { score };
}
