import type { BenchmarkItem } from "../../item.ts";
import { afterMedia, type BenchmarkPrompt, type BenchmarkPrompts, officialRecord } from "../../prompts/prompt.ts";

interface MmvuRecord {
  question: string;
  choices: Record<string, string>;
}

/** What follows a question of either kind. */
interface Ending {
  choice: string;
  open: string;
}

const officialReasoned: Ending = {
  choice:
    "Answer the given multiple-choice question step by step. Begin by explaining your reasoning process clearly. Conclude by " +
    "stating the final answer using the following format: 'Therefore, the final answer is: $LETTER' (without quotes), where " +
    "$LETTER is one of the options. Think step by\nstep before answering.",
  open:
    "Answer the given question step by step. Begin by explaining your reasoning process clearly. Conclude by stating the final " +
    "answer using the following format: 'Therefore, the final answer is: 'Answer: $ANSWER' (without quotes), where $ANSWER is " +
    "the final answer of the question. Think step by step\nbefore answering.",
};
const noReasoning = "Do not generate any intermediate reasoning process.";
const officialDirect: Ending = {
  choice: `${noReasoning} Answer directly with the option letter from the given choices.\n`,
  open: `${noReasoning} Directly output the final short answer.\n`,
};
const lmmsDirect: Ending = {
  choice: `${noReasoning} Answer directly with the option letter from the\ngiven choices.\n`,
  open: `${noReasoning} Directly output the final answer.\n`,
};
const lmmsReasoned: Ending = {
  choice:
    "Answer the given multiple-choice question step by step. Begin by explaining your reasoning process\nclearly. Conclude by " +
    'stating the final answer using the following format: "Therefore, the final answer\nis: $LETTER" (without quotes), where ' +
    "$LETTER is one of the options. Think step by step before\nanswering.\n",
  open:
    "Answer the given question step by step. Begin by explaining your reasoning process clearly. Conclude\nby stating the final " +
    'answer using the following format: "Therefore, the final answer is: "Answer:\n$ANSWER" (without quotes), where $ANSWER is ' +
    "the final answer of the question. Think step by\nstep before answering.\n",
};

/** `A: a red kettle`, a line each; none of an open question. */
function choiceLines(item: BenchmarkItem): string {
  if (item.answerType !== "choice") return "";
  const { choices } = officialRecord<MmvuRecord>(item);
  return Object.entries(choices)
    .map(([letter, option]) => `\n${letter}: ${option}`)
    .join("");
}

function official(item: BenchmarkItem, ending: Ending): string {
  const { question } = officialRecord<MmvuRecord>(item);
  return `\nQuestion: ${question}${choiceLines(item)}\n\n${item.answerType === "choice" ? ending.choice : ending.open}`;
}

function lmmsEval(item: BenchmarkItem, ending: Ending): string {
  const { question } = officialRecord<MmvuRecord>(item);
  const end = item.answerType === "choice" ? ending.choice : ending.open;
  return `\nQuestion:${question}${choiceLines(item)}\nVisual Information: processed video\n${end}`;
}

type Words = (item: BenchmarkItem, ending: Ending) => string;
const worded = (words: Words, ending: Ending, generation: BenchmarkPrompt["generation"]): BenchmarkPrompt => ({
  render: (item) => afterMedia(item, words(item, ending)),
  generation,
});

const officialGeneration = { maxNewTokens: 1024, temperature: 1, seed: 215 };
/** lmms-eval names a temperature of 0.7 and then does not sample. */
const lmmsGeneration = { maxNewTokens: 1024, temperature: 0 };

/** @see yale-nlp/MMVU@4d54223 utils/constant.py; lmms-eval 0.7.3 mmvu. VLMEvalKit has no MMVU. */
export const mmvuPrompts: BenchmarkPrompts = {
  official: worded(official, officialReasoned, officialGeneration),
  "official-direct": worded(official, officialDirect, officialGeneration),
  "lmms-eval": worded(lmmsEval, lmmsDirect, lmmsGeneration),
  "lmms-eval-cot": worded(lmmsEval, lmmsReasoned, lmmsGeneration),
};
