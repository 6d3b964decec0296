import type { BenchmarkItem } from "../../item.ts";
import {
  afterMedia,
  type BenchmarkPrompt,
  type BenchmarkPrompts,
  greedy,
  officialRecord,
  type PromptContext,
  text,
  userTurn,
} from "../../prompts/prompt.ts";
import { plainText, subtitleOfEachFrame, subtitlesOfFrames, taggedText } from "../../prompts/subtitles.ts";

interface VideoMmeRecord {
  question: string;
  options: string[];
}

const select = "Select the best answer to the following multiple-choice question based on the video";
const respond = "Respond with only the letter (A, B, C, or D) of the correct option.";

function questionLines(item: BenchmarkItem): string {
  const { question, options } = officialRecord<VideoMmeRecord>(item);
  return [question, ...options].join("\n");
}

/** A video without subtitles is asked as if none were wanted. */
const official: BenchmarkPrompt = {
  render: (item, { subtitles, frameSeconds = [] }) => {
    const lines = subtitlesOfFrames(subtitles ?? [], frameSeconds)
      .map(plainText)
      .join("\n");
    const shown = subtitles ? `This video's subtitles are listed below:\n${lines}\n` : "";
    return afterMedia(item, `${shown}${select}. ${respond}\n${questionLines(item)}\nThe best answer is:`);
  },
  generation: {},
};

function shownByLmms({ subtitles, frameSeconds = [] }: PromptContext): string {
  if (subtitles === undefined) return "";
  const lines = subtitles && subtitlesOfFrames(subtitles, frameSeconds).flatMap(taggedText).join("\n");
  return `This video's subtitles are listed below: \n${lines ?? "No subtitles available"}\n`;
}

/** Names subtitles even if there are none. @param ending - with subtitles another one is written than without. */
const lmmsEval = (ending: string): BenchmarkPrompt => ({
  render: (item, context) => {
    const shown = shownByLmms(context);
    const end = shown === "" ? ending : "The best answer is:";
    return afterMedia(item, `${shown}${select} and the subtitles. ${respond}\n${questionLines(item)}\n${end}`);
  },
  generation: greedy(16),
});

const lmmsEvalQwen: BenchmarkPrompt = {
  render: (item, context) => {
    const { question, options } = officialRecord<VideoMmeRecord>(item);
    const lines = [`Question: ${question}`, "Options:", ...options, "Answer with the option letter only."];
    return afterMedia(item, `${shownByLmms(context)}${lines.join("\n")}`);
  },
  generation: greedy(16),
};

const vlmevalkit: BenchmarkPrompt = {
  render: (item, { subtitles, frameSeconds = [] }) => {
    const lines = subtitles ? subtitleOfEachFrame(subtitles, frameSeconds).join("\n") : "";
    const shown = subtitles === undefined ? "" : `This video's subtitles are listed below:\n${lines}\n`;
    const texts = [
      `\nThese are the frames of a video. ${shown}${select}. ${respond}\n`,
      `Question: ${questionLines(item)}\nAnswer: `,
    ];
    return userTurn([text(""), { type: "video" }, ...texts.map(text)], item.media);
  },
  generation: {},
};

/** @see MME-Benchmarks/Video-MME@06c2315 README; lmms-eval 0.7.3 videomme; VLMEvalKit@e8e78f0 videomme.py */
export const videoMmePrompts: BenchmarkPrompts = {
  official,
  "lmms-eval": lmmsEval("\nAnswer with the option's letter from the given choices directly."),
  "lmms-eval-llava_vid": lmmsEval("The best answer is:"),
  "lmms-eval-qwen3_vl": lmmsEvalQwen,
  vlmevalkit,
};
