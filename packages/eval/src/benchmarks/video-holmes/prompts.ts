import { type BenchmarkItem, letteredOptions } from "../../item.ts";
import {
  afterMedia,
  type BenchmarkPrompt,
  type BenchmarkPrompts,
  greedy,
  officialRecord,
  text,
  userTurn,
} from "../../prompts/prompt.ts";
import { pythonList } from "../../prompts/python-list.ts";

interface VideoHolmesRecord {
  Question: string;
  Options: Record<string, string>;
}

const reason =
  "Based on the given video, reason and answer the single-choice question. Provide your reasoning between the <think> and " +
  "</think> tags, and then give your final answer between the <answer> and </answer> tags.";

const official: BenchmarkPrompt = {
  render: (item) => {
    const { Question, Options } = officialRecord<VideoHolmesRecord>(item);
    const options = Object.entries(Options).map(([letter, option]) => `${letter}: ${option}`);
    return afterMedia(
      item,
      `${reason} The question is: ${Question}. The options are: ${options.join(", ")}. Your answer:`,
    );
  },
  generation: { maxNewTokens: 1024 },
};

const letterOnly =
  "Select the best answer to the following multiple-choice question based on the video. Respond with only the letter " +
  "(A, B, C, D, E, or F) of the correct option.";
const stepwise =
  "Please perform a detailed reasoning based on the provided video frames to answer the following multiple-choice question " +
  "selecting the best option from A through F and providing your final response strictly in the format: 'Final Answer: <letter>'.";

function lmmsEval(ending: string, maxNewTokens: number): BenchmarkPrompt {
  const questionText = (item: BenchmarkItem) =>
    [`Question: ${officialRecord<VideoHolmesRecord>(item).Question}`, ...letteredOptions(item.options), ending].join(
      "\n",
    );
  return { render: (item) => afterMedia(item, questionText(item)), generation: greedy(maxNewTokens) };
}

/** Shows the list of options as Python prints it. */
const vlmevalkit: BenchmarkPrompt = {
  render: (item) => {
    const { Question } = officialRecord<VideoHolmesRecord>(item);
    const options = pythonList(letteredOptions(item.options));
    const asked = `\n    ${reason}     The question is: ${Question}. The options are: ${options}.     Your answer:\n    `;
    return userTurn([text(""), { type: "video" }, text(asked)], item.media);
  },
  generation: {},
};

/** @see TencentARC/Video-Holmes@52ef8da evaluate.py; lmms-eval 0.7.3 video_holmes; VLMEvalKit@e8e78f0 video_holmes.py */
export const videoHolmesPrompts: BenchmarkPrompts = {
  official,
  "lmms-eval": lmmsEval(letterOnly, 64),
  "lmms-eval-qwen3_vl": lmmsEval("Answer with the option letter only.", 64),
  "lmms-eval-reasoning": lmmsEval(stepwise, 4096),
  vlmevalkit,
};
