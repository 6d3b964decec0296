import { type BenchmarkItem, letterAt } from "../../item.ts";
import {
  afterMedia,
  type BenchmarkPrompts,
  greedy,
  officialRecord,
  type RenderedPrompt,
  text,
} from "../../prompts/prompt.ts";

interface MvbenchRecord {
  question: string;
  candidates: string[];
}

const system =
  "Carefully watch the video and pay attention to the cause and sequence of events, the detail and movement of objects, and " +
  "the action and pose of persons. Based on your observations, select the best option that accurately addresses the question.\n";

const optionLines = ({ candidates }: MvbenchRecord): string[] =>
  candidates.map((candidate, i) => `(${letterAt(i)}) ${candidate}`);

function questionLines(item: BenchmarkItem): string {
  const record = officialRecord<MvbenchRecord>(item);
  return [`Question: ${record.question}`, "Options:", ...optionLines(record)].join("\n").trimEnd();
}

/** A system turn, the question, and the beginning of the answer. */
function prefixed(item: BenchmarkItem, ...texts: readonly string[]): RenderedPrompt {
  const { messages, media } = afterMedia(item, ...texts);
  return { messages: [{ role: "system", content: [text(system)] }, ...messages], media, answerPrefix: "Best option:(" };
}

function lmmsEval(item: BenchmarkItem): RenderedPrompt {
  const record = officialRecord<MvbenchRecord>(item);
  const lines = [`Question:${record.question}`, "Option:", ...optionLines(record), "Only give the best option."];
  return afterMedia(item, `${lines.join("\n")}\n`);
}

/** The official code repeats the system text in the question. @see OpenGVLab/Ask-Anything@4dd8210 video_chat2/mvbench.ipynb */
export const mvbenchPrompts: BenchmarkPrompts = {
  official: {
    render: (item) => prefixed(item, `${system}${questionLines(item)}\nOnly give the best option.`),
    generation: greedy(100),
  },
  "lmms-eval": { render: lmmsEval, generation: greedy(16) },
  vlmevalkit: { render: (item) => prefixed(item, questionLines(item), "\nOnly give the best option."), generation: {} },
};
