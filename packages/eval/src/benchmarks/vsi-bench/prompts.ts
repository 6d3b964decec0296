import type { BenchmarkItem } from "../../item.ts";
import {
  afterMedia,
  type BenchmarkPrompt,
  type BenchmarkPrompts,
  greedy,
  officialRecord,
} from "../../prompts/prompt.ts";

interface Words {
  number: string;
  /** Before the options of a choice; "" for none. */
  optionsTitle: string;
}

const choiceEnd = "Answer with the option's letter from the given choices directly.";

function questionText(item: BenchmarkItem, { number, optionsTitle }: Words): string {
  const { question, options } = officialRecord<{ question: string; options?: string[] | null }>(item);
  const lines = options?.length
    ? [question, ...(optionsTitle ? [optionsTitle] : []), ...options, choiceEnd]
    : [question, number];
  return ["These are frames of a video.", ...lines].join("\n");
}

const worded = (words: Words, generation: BenchmarkPrompt["generation"]): BenchmarkPrompt => ({
  render: (item) => afterMedia(item, questionText(item, words)),
  generation,
});

const phrase = { number: "Please answer the question using a single word or phrase.", optionsTitle: "Options:" };
const single = { number: "Do not response anything other than a single number!", optionsTitle: "Options:" };
const float = { number: "Answer briefly and directly in one float number.", optionsTitle: "Options:" };

/** @see vision-x-nyu/thinking-in-space@51e089c, lmms-eval 0.7.3, VLMEvalKit@e8e78f0 vsibench */
export const vsiBenchPrompts: BenchmarkPrompts = {
  official: worded(phrase, greedy(16)),
  "official-api": worded(single, greedy(16)), // the models gemini_api and gpt4v
  "lmms-eval": worded(phrase, greedy(16)),
  "lmms-eval-gemini_api": worded(single, greedy(16)),
  "lmms-eval-neo_ov": worded(float, { maxNewTokens: 4096 }),
  vlmevalkit: worded({ ...float, optionsTitle: "" }, {}),
};
