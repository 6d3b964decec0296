import type { ContentItem } from "@videor1/data";
import { type BenchmarkItem, letteredOptions } from "../../item.ts";
import { interleave } from "../../prompts/interleave.ts";
import {
  afterMedia,
  type BenchmarkPrompts,
  greedy,
  officialRecord,
  type PromptContext,
  type RenderedPrompt,
  text,
  userTurn,
} from "../../prompts/prompt.ts";

interface LongVideoBenchRecord {
  question: string;
  starting_timestamp_for_subtitles?: number;
  duration: number;
}

const ending = "Answer with the option's letter from the given choices directly.";

function questionLines(item: BenchmarkItem): string[] {
  const { question } = officialRecord<LongVideoBenchRecord>(item);
  return [question, ...letteredOptions(item.options), ending];
}

/** Frames and subtitles in the order of time, then question, options and ending as parts of their own. */
function official(item: BenchmarkItem, { frameSeconds = [], subtitles }: PromptContext): RenderedPrompt {
  const { starting_timestamp_for_subtitles: offset = 0, duration } = officialRecord<LongVideoBenchRecord>(item);
  const [question, ...rest] = questionLines(item);
  const shown = interleave(frameSeconds, subtitles ?? [], { offset, duration });
  const parts = shown.map((part): ContentItem => (typeof part === "number" ? { type: "image" } : text(part)));
  const content = [...parts, text(`Question: ${question}`), ...rest.map(text)];
  return { ...userTurn(content, item.media), imagesAreFrames: true };
}

/**
 * @see longvideobench/LongVideoBench@fc3c553 longvideobench_dataset.py; lmms-eval 0.7.3 longvideobench_val_v;
 * VLMEvalKit@e8e78f0 longvideobench.py, without subtitles
 */
export const longVideoBenchPrompts: BenchmarkPrompts = {
  official: { render: official, generation: {} },
  "lmms-eval": {
    render: (item) => afterMedia(item, `${questionLines(item).join("\n")}\n`),
    generation: greedy(32),
  },
  vlmevalkit: {
    render: (item) => userTurn([text(""), { type: "video" }, text(questionLines(item).join("\n"))], item.media),
    generation: {},
  },
};
